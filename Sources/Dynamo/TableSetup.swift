import SessionStore

/// Decides how a table for sessions comes to be, whatever part of it is there already.
struct TableSetup {
    /// What to do next.
    enum Action: Hashable, Sendable {
        case describeTable
        case createTable
        case describeTimeToLive
        case enableTimeToLive
        /// Add the index on `user_id`.
        case createUserIndex
        case describeBackups
        case enableBackups
        /// Wait this long, then report `waited`.
        case wait(Duration)
        case done
        case fail(SessionStoreError)
    }

    /// How long to wait between two looks at a table on its way.
    static let interval = Duration.milliseconds(500)

    private enum Phase: Hashable {
        case table, timeToLive, backups
    }

    private let table: String
    /// The name of the index on `user_id`; nil: none is wanted.
    private let userIndex: String?
    private let wantsBackups: Bool
    private var phase = Phase.table
    private var refusals = 0

    /// How often a creation or change may be refused until that is the answer.
    static let maximumRefusals = 10

    init(table: String, userIndex: String? = nil, backups: Bool = false) {
        self.table = table
        self.userIndex = userIndex
        self.wantsBackups = backups
    }

    func started() -> Action { .describeTable }

    /// The table, nil if there is none.
    mutating func tableDescribed(_ description: TableDescription?) -> Action {
        guard let description else { return .createTable }
        switch description.status {
        case .creating, .updating, .deleting: return .wait(Self.interval)
        case .unusable:
            return .fail(
                SessionStoreError(
                    .unavailable,
                    "the table \(self.table) is archived or its encryption key cannot be used: restore it, or name another table"))
        case .active:
            guard description.hasSessionKey else {
                return .fail(
                    SessionStoreError(
                        .misconfigured,
                        "the table \(self.table) exists with another key: name another table, or one with the partition key session_id (S) and no sort key"
                    ))
            }
            return self.nextForIndex(description) ?? self.timeToLive
        }
    }

    private var timeToLive: Action {
        mutating get {
            self.phase = .timeToLive
            return .describeTimeToLive
        }
    }

    /// What the wanted index takes; nil: nothing.
    private func nextForIndex(_ description: TableDescription) -> Action? {
        guard let userIndex else { return nil }
        guard let index = description.indexes[userIndex] else { return .createUserIndex }
        guard index.isByUser else {
            return .fail(
                SessionStoreError(
                    .misconfigured,
                    "the index \(userIndex) of the table \(self.table) has another key: it needs user_id alone; name another one"))
        }
        return index.isActive ? nil : .wait(Self.interval)
    }

    func userIndexCreated() -> Action { .describeTable }

    func tableCreated() -> Action { .describeTable }

    /// A creation or change was refused as if another was under way or already done, or its answer was lost: look again.
    mutating func changeRefused(_ error: SessionStoreError) -> Action {
        self.refusals += 1
        return self.refusals > Self.maximumRefusals ? .fail(error) : .wait(Self.interval)
    }

    mutating func timeToLiveDescribed(_ description: TimeToLiveDescription) -> Action {
        switch description.status {
        case .disabled: return .enableTimeToLive
        case .disabling: return .wait(Self.interval)
        case .enabling, .enabled:
            guard description.attribute == ItemAttribute.expiration.rawValue else {
                return .fail(
                    SessionStoreError(
                        .misconfigured,
                        "the table \(self.table) lets items end by another attribute: turn its time to live off, wait an hour, and run this again"
                    ))
            }
            guard self.wantsBackups else { return .done }
            self.phase = .backups
            return .describeBackups
        }
    }

    /// Whether the table can be restored to any second of the last weeks.
    func backupsDescribed(isEnabled: Bool) -> Action {
        isEnabled ? .done : .enableBackups
    }

    func backupsEnabled() -> Action { .describeBackups }

    func timeToLiveEnabled() -> Action { .describeTimeToLive }

    func waited() -> Action {
        switch self.phase {
        case .table: .describeTable
        case .timeToLive: .describeTimeToLive
        case .backups: .describeBackups
        }
    }

    func deadlineReached() -> Action {
        .fail(SessionStoreError(.deadlineExceeded, "the table \(self.table) is not active yet: run this again to go on waiting"))
    }
}
