import EventLoop
import Locked
import Redis
import TestSupport

/// Commands that must not be lost nor executed twice, and the account of them.
///
/// Each is a script that appends its own number to the list of its task and answers with that number: a reply that belongs to another command shows, and
/// so does, in the lists at the end, what was acknowledged and is missing, or is there more than once.
final class CommandLedger: Sendable {
    /// What the account comes to.
    struct Account: Hashable {
        var issued = 0
        var acknowledged = 0
        /// Calls that threw.
        var failed = 0
        /// Calls that returned another one's reply.
        var misdelivered = 0
        /// Acknowledged, and not there.
        var lost = 0
        /// There more than once.
        var twice = 0
        /// There, although its caller was told that it had no effect for certain.
        var unforeseen = 0
        /// The codes of the errors.
        var codes: [String: Int] = [:]
    }

    private enum Fate { case acknowledged, maybe, never }

    private struct State {
        var account = Account()
        var fates: [String: Fate] = [:]
    }

    private static let script = RedisScript("redis.call('RPUSH', KEYS[1], ARGV[1]) return ARGV[1]")
    private let tasks: Int
    private let prefix: String
    private let isOver = Locked(false)
    private let state = Locked(State())

    init(tasks: Int = 64, prefix: String) {
        self.tasks = tasks
        self.prefix = prefix
    }

    /// Issues commands from all tasks while `body` runs, and a few more after it. The account is complete then, but for what the lists say.
    func run(on client: RedisClient, during body: () async throws -> Void) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for task in 0..<self.tasks {
                group.addTask(executorPreference: client.loop) {
                    var number = 0
                    while !self.isOver.withLock({ $0 }) {
                        await self.issue(task, number, on: client)
                        number += 1
                        // The load's pace: nobody waits for something here.
                        try? await client.loop.sleep(for: .milliseconds(2))
                    }
                }
            }
            defer { self.isOver.withLock { $0 = true } }
            try await body()
        }
    }

    private func key(_ task: Int) -> String { "\(self.prefix):\(task)" }

    private func issue(_ task: Int, _ number: Int, on client: RedisClient) async {
        let token = "\(task).\(number)"
        self.state.withLock { $0.account.issued += 1 }
        do throws(RedisError) {
            let reply = try await client.eval(Self.script, keys: [bytes(self.key(task))], arguments: [bytes(token)])
            self.state.withLock { state in
                state.account.acknowledged += 1
                if reply != .bytes(bytes(token)) { state.account.misdelivered += 1 }
                state.fates[token] = .acknowledged
            }
        } catch {
            self.state.withLock { state in
                state.account.failed += 1
                state.account.codes[error.code.label, default: 0] += 1
                state.fates[token] = error.mayHaveExecuted ? .maybe : .never
            }
        }
    }

    /// Calls made so far.
    var issued: Int { self.state.withLock { $0.account.issued } }

    /// Reads the lists, and adds up.
    func close(_ client: RedisClient) async throws -> Account {
        var counts: [String: Int] = [:]
        for task in 0..<self.tasks {
            guard case .array(let elements) = try await client.words("LRANGE \(self.key(task)) 0 -1") else { continue }
            for case .bytes(let element) in elements { counts[String(decoding: element, as: UTF8.self), default: 0] += 1 }
        }
        var (account, fates) = self.state.withLock { ($0.account, $0.fates) }
        for (token, fate) in fates {
            let count = counts[token, default: 0]
            if count > 1 { account.twice += 1 }
            switch fate {
            case .acknowledged: if count == 0 { account.lost += 1 }
            case .never: if count > 0 { account.unforeseen += 1 }
            case .maybe: break
            }
        }
        account.unforeseen += counts.keys.count { fates[$0] == nil }
        return account
    }
}
