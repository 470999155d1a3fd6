import Testing

@testable import Redis

struct RedisErrorTests {
    @Test(
        "each error of Redis has its code, its advice, and a sentence",
        arguments: [
            ("WRONGPASS invalid username-password pair or user is disabled.", RedisError.Code.authentication, RedisRetryAdvice.never),
            ("NOAUTH Authentication required.", .authentication, .never),
            ("DENIED Redis is running in protected mode", .authentication, .never),
            ("NOPERM this user has no permissions to run the 'get' command", .permission, .never),
            ("OOM command not allowed when used memory > 'maxmemory'.", .outOfMemory, .afterPause),
            ("READONLY You can't write against a read only replica.", .readOnly, .elsewhere),
            ("LOADING Redis is loading the dataset in memory", .loading, .afterPause),
            ("BUSY Redis is busy running a script.", .busy, .afterPause),
            ("UNKILLABLE Sorry the script already executed write commands", .busy, .afterPause),
            ("NOSCRIPT No matching script.", .noScript, .immediately),
            ("WRONGTYPE Operation against a key holding the wrong kind of value", .wrongType, .never),
            ("MOVED 3999 127.0.0.1:6381", .redirected, .elsewhere),
            ("ASK 3999 127.0.0.1:6381", .redirected, .elsewhere),
            ("CLUSTERDOWN The cluster is down", .clusterDown, .afterPause),
            ("TRYAGAIN Multiple keys request during rehashing of slot", .busy, .afterPause),
            ("CROSSSLOT Keys in request don't hash to the same slot", .refused, .never),
            ("MASTERDOWN Link with MASTER is down", .replicaUnavailable, .afterPause),
            ("NOREPLICAS Not enough good replicas to write.", .replicaUnavailable, .afterPause),
            ("MISCONF Redis is configured to save RDB snapshots", .refused, .never),
            ("ERR max number of clients reached", .busy, .afterPause),
            ("ERR unknown command 'NOSUCH', with args beginning with: 'secret'", .refused, .never),
            ("ERR syntax error", .refused, .never),
            ("secret in lower case", .refused, .never),
            ("", .refused, .never),
        ])
    func readings(text: String, code: RedisError.Code, advice: RedisRetryAdvice) {
        let error = RedisError(server: RedisServerError(text: text))
        #expect(error.code == code)
        #expect(error.retryAdvice == advice)
        #expect(error.message.hasSuffix("."))
        #expect(!error.mayHaveExecuted)
        #expect(error.server?.text == text)
        for printed in ["\(error)", String(reflecting: error.server)] { #expect(!printed.contains("secret")) }
    }

    @Test(
        "a script's error may come after effects, unless it was refused before it ran",
        arguments: [
            ("WRONGTYPE x", true), ("OOM x", true), ("ERR x", true), ("MYOWN x", true), ("NOPERM x", true), ("MISCONF x", true),
            ("NOSCRIPT x", false), ("NOAUTH x", false), ("READONLY x", false), ("LOADING x", false), ("BUSY x", false),
            ("MOVED 1 h:1", false),
        ])
    func scripts(text: String, mayHaveExecuted: Bool) {
        #expect(RedisError(server: RedisServerError(text: text), ranScript: true).mayHaveExecuted == mayHaveExecuted)
    }

    @Test("the prefix is the first word in capitals")
    func prefixes() {
        #expect(RedisServerError(text: "ERR x").prefix == "ERR")
        #expect(RedisServerError(text: "NO_SUCH").prefix == "NO_SUCH")
        #expect(RedisServerError(text: "Err x").prefix == "")
        #expect(RedisServerError(text: "KEYname").prefix == "")
        #expect(RedisServerError(text: String(repeating: "A", count: 40)).prefix == "")
    }

    @Test("the silence of a connection is counted from its oldest deadline or its last bytes, whichever came later")
    func silence() {
        let rule = SilenceRule(limit: .seconds(2))
        #expect(rule.replacementTime(oldestDeadline: .seconds(10), lastArrival: .seconds(3)) == .seconds(12))
        #expect(rule.replacementTime(oldestDeadline: .seconds(10), lastArrival: .seconds(11)) == .seconds(13))
    }
}
