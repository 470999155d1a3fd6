import History
import Locked
import SessionStore

/// Writes a history event by event, of one session that lives for 100 s after each write.
struct Story {
    let history: History
    private let clock: Locked<Timestamp>
    private let keepsAccount: Bool
    private var data: SessionData?
    private var owner: UserID?
    private var born = Timestamp(seconds: 0)
    private let key: SessionKey

    init(keepsAccount: Bool = true) {
        let clock = Locked(Timestamp(seconds: 1_000_000))
        self.clock = clock
        self.history = History(now: { clock.withLock { $0 } })
        self.keepsAccount = keepsAccount
        do {
            self.key = .session(try SessionID("session-1"))
        } catch {
            preconditionFailure("a session id that is none")
        }
    }

    var time: Timestamp { self.clock.withLock { $0 } }

    func pass(_ duration: Duration) {
        self.clock.withLock { $0 = $0 + duration }
    }

    func begin(_ call: Operation.Call, as caller: Caller = .anonymous) -> Int {
        self.history.began(call, self.key, as: caller, client: 0)
    }

    /// The table executes a request.
    func tell(_ version: Int64, _ data: SessionData?, by operation: Int) {
        guard self.keepsAccount else { return }
        let ends = self.time + .seconds(100)
        let record = SessionRecord(
            data: data, owner: self.owner, version: SessionVersion(version), expiration: ends, createdAt: data.map { _ in self.born })
        self.history.changed(self.key, by: operation, to: record)
    }

    /// A write from its beginning to its acknowledgement; `table` is what the table makes of it, unless that is what was asked.
    mutating func write(_ version: Int64, set: SessionData, table: SessionData? = nil, as caller: Caller = .anonymous) {
        let operation = self.begin(.write(.update(set: set, remove: [])), as: caller)
        let data = table ?? (self.data ?? [:]).merging(set) { $1 }
        self.owner = self.owner ?? caller.userID
        self.data = data
        self.tell(version, data, by: operation)
        let result = WriteResult(session: self.session(version, data), version: SessionVersion(version), changed: true)
        self.history.ended(operation, .acknowledged(result))
    }

    mutating func delete(_ version: Int64) {
        let operation = self.begin(.write(.delete))
        self.data = nil
        self.born = self.time
        self.tell(version, nil, by: operation)
        self.history.ended(operation, .acknowledged(WriteResult(session: nil, version: SessionVersion(version), changed: true)))
    }

    func read(
        _ version: Int64, _ data: SessionData, _ consistency: ReadConsistency = .cached, as caller: Caller = .anonymous,
        origin: Session.Origin = .table
    ) {
        let operation = self.begin(.read(consistency), as: caller)
        var session = self.session(version, data)
        session.origin = origin
        self.history.ended(operation, .answered(session))
    }

    func readNothing() {
        self.history.ended(self.begin(.read(.cached)), .answered(nil))
    }

    func violations(_ change: (inout Rules) -> Void = { _ in }) -> [Violation.Rule] {
        var rules = Rules()
        change(&rules)
        return self.history.violations(rules).map(\.rule)
    }

    /// The end of a version is that of its change: asked of the history.
    private func session(_ version: Int64, _ data: SessionData) -> Session {
        let record = self.history.changes.last { $0.record?.version == SessionVersion(version) }?.record
        return Session(
            key: self.key, data: data, owner: self.owner, version: SessionVersion(version), expiration: record?.expiration,
            createdAt: record?.createdAt)
    }
}
