import History
import SessionStore
import Testing

@testable import ChaosCampaign

@Suite("What a run of faults says", .timeLimit(.minutes(1)))
struct ChaosReportTests {
    private let key: SessionKey
    private let history = History(now: { Timestamp(milliseconds: 1_000_000) })

    init() throws {
        self.key = .session(try SessionID("session"))
    }

    private func session(_ version: Int64, _ data: SessionData) -> Session {
        Session(key: self.key, data: data, version: SessionVersion(version), expiration: Timestamp(seconds: 9_000_000))
    }

    private func write(_ version: Int64, _ name: String, _ all: SessionData, cache: WriteResult.CacheState = .published) {
        let operation = self.history.began(.write(.update(set: [name: 1], remove: [])), self.key, as: .anonymous, client: 0)
        let result = WriteResult(session: self.session(version, all), version: SessionVersion(version), changed: true, cache: cache)
        self.history.ended(operation, .acknowledged(result))
    }

    private func read(_ session: Session?) {
        let operation = self.history.began(.read(.cached), self.key, as: .anonymous, client: 1)
        self.history.ended(operation, .answered(session))
    }

    private func report(_ rules: Rules = Rules()) -> PhaseReport {
        PhaseReport("a fault", self.history, self.history.violations(rules), unread: 0, restored: Timestamp(milliseconds: 0))
    }

    @Test("reads that see what was written are neither lost nor stale")
    func clean() {
        self.write(5, "a", ["a": 1])
        self.write(6, "b", ["a": 1, "b": 1])
        self.read(self.session(6, ["a": 1, "b": 1]))
        let report = self.report()
        #expect(report.operations == 3 && report.acknowledged == 2 && report.lost == 0 && report.stale == 0)
        #expect(ChaosReport(seed: 1, phases: [report]).isClean)
    }

    @Test("a read of an older version is stale, and the run fails")
    func stale() {
        self.write(5, "a", ["a": 1])
        self.write(6, "b", ["a": 1, "b": 1])
        self.read(self.session(5, ["a": 1]))
        let report = self.report()
        #expect(report.stale == 1 && report.lost == 0 && report.violations.count == 1)
        #expect(!ChaosReport(seed: 1, phases: [report]).isClean)
    }

    @Test("a field that an acknowledged write set and a later version lacks is a lost write, and the run fails")
    func lost() {
        self.write(5, "a", ["a": 1])
        self.write(6, "b", ["b": 1])
        let report = self.report()
        #expect(report.lost >= 1)
        #expect(!ChaosReport(seed: 1, phases: [report]).isClean)
    }

    @Test("a session that is not there though nobody deleted it fails the run, and so does one that nobody can read")
    func absent() {
        self.write(5, "a", ["a": 1])
        self.read(nil)
        #expect(self.report().stale == 1)
        let unread = PhaseReport("a fault", self.history, [], unread: 1, restored: Timestamp(milliseconds: 0))
        #expect(!ChaosReport(seed: 1, phases: [unread]).isClean)
    }

    @Test("the table has a row for each fault, and tells the time to the first hit")
    func table() {
        self.write(5, "a", ["a": 1], cache: .pending)
        var hit = self.session(5, ["a": 1])
        hit.origin = .cache(age: .zero)
        self.read(hit)
        let report = ChaosReport(seed: 1, phases: [self.report()])
        #expect(report.phases[0].pending == 1 && report.phases[0].hits == 1 && report.phases[0].firstHit == .seconds(1000))
        #expect(report.markdown.split(separator: "\n").count == 3)
        #expect(report.markdown.contains("| a fault | 2          | 1            | 1       | 0    | 0     | 0.0 %  | 50.0 % |"))
    }
}
