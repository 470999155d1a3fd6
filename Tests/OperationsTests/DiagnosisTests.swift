import CacheStore
import Dynamo
import Operations
import Redis
import SessionStore
import Testing

@testable import AWS

@Suite("What doctor makes of evidence")
struct DiagnosisTests {
    private static let place = TablePlace(table: "sessions", region: "eu-central-1")
    private static let local = RedisPlace(isLoopback: true, isEncrypted: false, hasCredentials: false, isSealed: false)
    private static let remote = RedisPlace(isLoopback: false, isEncrypted: false, hasCredentials: false, isSealed: false)

    private static func dynamoError(_ code: SessionStoreError.Code, _ name: String) -> DynamoError {
        DynamoError(SessionStoreError(code, "a sentence"), code: name, outcome: .refused)
    }

    @Test("the table: missing, of another key, being made, and good")
    func table() {
        let good = TableDescription(status: .active, hasSessionKey: true)
        let missing = Diagnosis.table(.failure(Self.dynamoError(.tableMissing, "ResourceNotFoundException")), .known(nil), Self.place)
        #expect(missing.verdict == .failure)
        #expect(missing.fix == "bedrock-sessions create-table sessions eu-central-1")
        #expect(Diagnosis.table(.success(()), .known(good), Self.place).verdict == .pass)
        #expect(Diagnosis.table(.success(()), .refused(right: "dynamodb:DescribeTable"), Self.place).verdict == .pass)
        for status in [TableDescription.Status.creating, .deleting, .unusable] {
            let description = TableDescription(status: status, hasSessionKey: true)
            #expect(Diagnosis.table(.success(()), .known(description), Self.place).verdict == .failure)
        }
        #expect(Diagnosis.keySchema(.success(()), .known(good), Self.place).verdict == .pass)
        let other = TableDescription(status: .active, hasSessionKey: false)
        #expect(Diagnosis.keySchema(.success(()), .known(other), Self.place).verdict == .failure)
        let refused = Evidence<TableDescription?>.refused(right: "dynamodb:DescribeTable")
        #expect(Diagnosis.keySchema(.success(()), refused, Self.place).verdict == .pass)
        let schema = Self.dynamoError(.misconfigured, "ValidationException")
        #expect(Diagnosis.keySchema(.failure(schema), refused, Self.place).verdict == .failure)
        let down = Self.dynamoError(.unavailable, "connection")
        #expect(Diagnosis.keySchema(.failure(down), refused, Self.place).verdict == .unknown)
    }

    @Test(
        "the time to live has to be on, and by expiration",
        arguments: [
            (TimeToLiveDescription.Status.enabled, "expiration", Diagnosis.Verdict.pass), (.enabling, "expiration", .pass),
            (.enabled, "ttl", .failure), (.disabled, nil, .failure), (.disabling, "expiration", .failure),
        ] as [(TimeToLiveDescription.Status, String?, Diagnosis.Verdict)])
    func timeToLive(_ status: TimeToLiveDescription.Status, _ attribute: String?, _ verdict: Diagnosis.Verdict) {
        let diagnosis = Diagnosis.timeToLive(.known(TimeToLiveDescription(status: status, attribute: attribute)), Self.place)
        #expect(diagnosis.verdict == verdict)
        #expect((diagnosis.fix == nil) == (verdict == .pass))
        if verdict == .failure { #expect(diagnosis.fix?.contains("Enabled=true,AttributeName=expiration") == true) }
    }

    @Test("encryption and recovery that are off are warnings, and what may not be asked is no pass")
    func protection() {
        func encryption(_ encryption: TableDescription.Encryption) -> Diagnosis {
            .encryption(.known(TableDescription(status: .active, hasSessionKey: true, encryption: encryption)), Self.place)
        }
        #expect(encryption(.inAccount).verdict == .pass)
        #expect(encryption(.changing).verdict == .warning)
        #expect(encryption(.ownedByAWS).verdict == .warning)
        #expect(encryption(.ownedByAWS).fix?.contains("--sse-specification Enabled=true") == true)
        #expect(Diagnosis.recovery(.known(true), Self.place).verdict == .pass)
        #expect(Diagnosis.recovery(.known(false), Self.place).verdict == .warning)
        let unknown = Diagnosis.recovery(.refused(right: "dynamodb:DescribeContinuousBackups"), Self.place)
        #expect(unknown.verdict == .unknown && unknown.evidence.contains("DescribeContinuousBackups"))
        #expect(Diagnosis.recovery(.failed("no answer"), Self.place).verdict == .unknown)
    }

    @Test("the three rights of sessions are needed, the others are told")
    func rights() {
        var held: [DynamoOperation: Evidence<Void>] = [.getItem: .known(()), .putItem: .known(()), .updateItem: .known(())]
        held[.scan] = .refused(right: "dynamodb:Scan")
        let good = Diagnosis.rights(held, Self.place)
        #expect(good.verdict == .pass && good.evidence.contains("not Scan"))
        held[.updateItem] = .refused(right: "dynamodb:UpdateItem")
        let bad = Diagnosis.rights(held, Self.place)
        #expect(bad.verdict == .failure && bad.evidence.contains("UpdateItem") && bad.fix?.contains("policy --table sessions") == true)
        held[.updateItem] = .failed("no answer")
        #expect(Diagnosis.rights(held, Self.place).verdict == .unknown)
    }

    @Test("items of other programs are counted, unreadable ones are a failure")
    func olderItems() throws {
        let key = SessionKey.session(try SessionID("s-1"))
        let live = TableItem(key: key, state: .live(Session(key: key, data: [:])))
        let bad = TableItem(key: key, state: .malformed("the item is not of the shape of a session (data)"))
        #expect(Diagnosis.olderItems(.known([])).verdict == .pass)
        #expect(Diagnosis.olderItems(.known([live])).evidence.contains("1 of programs without versions"))
        let broken = Diagnosis.olderItems(.known([live, bad]))
        #expect(broken.verdict == .failure && broken.evidence.contains("(data)"))
        #expect(Diagnosis.olderItems(.refused(right: "dynamodb:Scan")).verdict == .unknown)
    }

    @Test(
        "clocks",
        arguments: [
            (0, 0, Diagnosis.Verdict.pass), (-1, 1, .pass), (3, 0, .warning), (-3600, 0, .failure), (0, 5, .warning), (0, -60, .failure),
        ] as [(Int, Int, Diagnosis.Verdict)])
    func clock(_ table: Int, _ redis: Int, _ verdict: Diagnosis.Verdict) {
        let diagnosis = Diagnosis.clock(correction: .seconds(table), redis: .seconds(redis))
        #expect(diagnosis.verdict == verdict)
        #expect((diagnosis.fix == nil) == (verdict == .pass))
        #expect(Diagnosis.clock(correction: nil, redis: nil).verdict == .unknown)
    }

    @Test("a Redis that does not answer, a certificate and a password that are refused")
    func reach() {
        func diagnoses(_ code: RedisError.Code) -> [Diagnosis.Verdict] {
            let outcome = Result<Void, RedisError>.failure(RedisError(code, "A sentence."))
            return [
                Diagnosis.redis(outcome, nodes: 0).verdict, Diagnosis.tls(outcome, Self.local).verdict,
                Diagnosis.identity(outcome, .failed(""), Self.local).verdict,
            ]
        }
        #expect(diagnoses(.unavailable) == [.failure, .pass, .unknown])
        #expect(diagnoses(.tls) == [.failure, .failure, .unknown])
        #expect(diagnoses(.authentication) == [.failure, .pass, .failure])
    }

    @Test("a Redis elsewhere wants TLS, a password and a seal key")
    func remote() {
        var place = Self.remote
        #expect(Diagnosis.tls(.success(()), place).verdict == .failure)
        #expect(Diagnosis.identity(.success(()), .known("default"), place).verdict == .failure)
        #expect(Diagnosis.sealKey(.known(KeySample()), place).verdict == .failure)
        place.isSealed = true
        #expect(Diagnosis.tls(.success(()), place).verdict == .warning)
        place.isEncrypted = true
        place.hasCredentials = true
        #expect(Diagnosis.tls(.success(()), place).verdict == .pass)
        #expect(Diagnosis.identity(.success(()), .known("sessions"), place).verdict == .pass)
        #expect(Diagnosis.sealKey(.known(KeySample()), place).verdict == .pass)
        place.isSealed = false
        #expect(Diagnosis.sealKey(.known(KeySample()), place).verdict == .warning)
    }

    @Test(
        "Redis 6.2 is the oldest that works",
        arguments: [
            ("6.2.0", Diagnosis.Verdict.pass), ("7.0.15", .pass), ("10.0", .pass), ("6.0.16", .failure), ("5.0.7", .failure),
            (nil, .unknown), ("", .unknown),
        ] as [(String?, Diagnosis.Verdict)])
    func version(_ text: String?, _ verdict: Diagnosis.Verdict) {
        let facts = RedisFacts(text.map { ["redis_version": $0] } ?? [:])
        #expect(Diagnosis.version(.known([facts])).verdict == verdict)
        // Of a cluster the oldest node counts.
        let newer = RedisFacts(name: "n", ["redis_version": "7.2.0"])
        #expect(Diagnosis.version(.known([newer, facts])).verdict == verdict)
    }

    @Test(
        "the eviction policy",
        arguments: [
            ("noeviction", Diagnosis.Verdict.pass), ("allkeys-lru", .pass), ("volatile-lfu", .pass), ("allkeys-random", .warning),
            ("volatile-ttl", .failure), (nil, .unknown),
        ] as [(String?, Diagnosis.Verdict)])
    func eviction(_ policy: String?, _ verdict: Diagnosis.Verdict) {
        let facts = RedisFacts(policy.map { ["maxmemory_policy": $0] } ?? [:])
        #expect(Diagnosis.eviction(.known([facts])).verdict == verdict)
    }

    @Test(
        "memory headroom",
        arguments: [
            (50, 100, "noeviction", Diagnosis.Verdict.pass), (95, 100, "noeviction", .failure), (95, 100, "allkeys-lru", .warning),
            (950, 0, "allkeys-lru", .failure), (50, 0, "noeviction", .pass),
        ] as [(Int, Int, String, Diagnosis.Verdict)])
    func memory(_ used: Int, _ limit: Int, _ policy: String, _ verdict: Diagnosis.Verdict) {
        let facts = RedisFacts([
            "used_memory": "\(used << 20)", "maxmemory": "\(limit << 20)", "maxmemory_policy": policy,
            "total_system_memory": "\(1000 << 20)",
        ])
        #expect(Diagnosis.memory(.known([facts])).verdict == verdict)
        #expect(Diagnosis.memory(.known([RedisFacts([:])])).verdict == .unknown)
    }

    @Test("a replica, and a Redis whose disk makes it refuse writes, are failures")
    func persistence() {
        func verdict(_ properties: [String: String]) -> Diagnosis.Verdict {
            Diagnosis.persistence(.known([RedisFacts(properties)])).verdict
        }
        #expect(verdict(["role": "master", "rdb_last_bgsave_status": "ok"]) == .pass)
        #expect(verdict(["role": "slave"]) == .failure)
        #expect(verdict(["role": "master", "rdb_last_bgsave_status": "err"]) == .failure)
        #expect(verdict(["role": "master", "aof_last_write_status": "err"]) == .failure)
        #expect(verdict([:]) == .unknown)
    }

    @Test("a hidden run_id makes revalidateAfter the bound, and that is said")
    func failover() {
        #expect(Diagnosis.failover(epoch: .known(1), revalidateAfter: .seconds(60)).verdict == .pass)
        let hidden = Diagnosis.failover(epoch: .known(0), revalidateAfter: .seconds(45))
        #expect(hidden.verdict == .warning && hidden.evidence.contains("45 s"))
    }

    @Test("a cluster serves all slots, and has no near cache")
    func cluster() {
        var place = Self.local
        let whole = ["cluster_state": "ok", "cluster_slots_ok": "16384"]
        #expect(Diagnosis.cluster(.known(nil), place).verdict == .pass)
        #expect(Diagnosis.cluster(.known(whole), place).verdict == .pass)
        #expect(Diagnosis.cluster(.known(["cluster_state": "fail", "cluster_slots_ok": "16384"]), place).verdict == .failure)
        #expect(Diagnosis.cluster(.known(["cluster_state": "ok", "cluster_slots_ok": "10923"]), place).verdict == .failure)
        place.hasNearCache = true
        #expect(Diagnosis.cluster(.known(whole), place).verdict == .warning)
    }

    @Test("keys of another program or format, and entries that no key opens")
    func keys() {
        var sample = KeySample()
        sample.add(.absent)
        sample.add(.lease)
        #expect(Diagnosis.keyPrefix(.known(sample)).verdict == .pass)
        #expect(Diagnosis.sealKey(.known(sample), Self.local).verdict == .pass)
        for flaw in CacheFlaws.format {
            var sample = sample
            sample.add(.bad(flaw))
            #expect(Diagnosis.keyPrefix(.known(sample)).verdict == .failure)
        }
        for flaw in CacheFlaws.seal {
            var sample = sample
            sample.add(.bad(flaw))
            #expect(Diagnosis.keyPrefix(.known(sample)).verdict == .pass)
            #expect(Diagnosis.sealKey(.known(sample), Self.local).verdict == .failure)
        }
        sample.otherFormat = 1
        #expect(Diagnosis.keyPrefix(.known(sample)).verdict == .failure)
        #expect(Diagnosis.keyPrefix(.refused(right: "SCAN")).verdict == .unknown)
    }

    @Test("latency by its median")
    func latency() {
        func verdict(_ milliseconds: Int...) -> Diagnosis.Verdict {
            Diagnosis.latency(
                .cacheLatency, .known(milliseconds.map { .milliseconds($0) }), slow: .milliseconds(5), broken: .milliseconds(50), fix: "f"
            ).verdict
        }
        #expect(verdict(1, 1, 200) == .pass)
        #expect(verdict(1, 6, 7) == .warning)
        #expect(verdict(60, 60, 1) == .failure)
        #expect(verdict() == .unknown)
    }

    @Test("credentials and region")
    func whoAndWhere() {
        typealias Entry = CredentialReport.Entry
        let absent = Entry(source: "environment", outcome: .absent("unset"))
        let failed = Entry(source: "profile", outcome: .failed("there is no such profile"))
        #expect(Diagnosis.credentials(CredentialReport(entries: [absent])).verdict == .failure)
        let broken = Diagnosis.credentials(CredentialReport(entries: [absent, failed]))
        #expect(broken.verdict == .failure && broken.evidence.contains("no such profile"))
        let none = AWSError(.configuration, "No AWS region.")
        #expect(Diagnosis.region(.failure(none), found: nil).verdict == .failure)
        #expect(Diagnosis.region(.failure(none), found: "eu-central-1").verdict == .pass)
        #expect(Diagnosis.region(.success(("eu-central-1", "https://x")), found: nil).verdict == .pass)
    }

    @Test(
        "durations for people",
        arguments: [
            (Duration.microseconds(12), "12 µs"), (.microseconds(3456), "3.4 ms"), (.milliseconds(2100), "2.1 s"), (.seconds(300), "5 min"),
            (.seconds(7300), "2 h"), (.seconds(200_000), "2 d"),
        ])
    func durations(_ duration: Duration, _ text: String) {
        #expect(duration.shortText == text)
    }
}
