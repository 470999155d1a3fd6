import SessionStore

/// Decides how a table for sessions comes to be, whatever part of it is there already.
struct TableSetup {
    /// What to do next.
    enum Action: Hashable, Sendable {
        case describeTable
        case createTable
        case describeTimeToLive
        case enableTimeToLive
        /// Wait this long, then report `waited`.
        case wait(Duration)
        case done
        case fail(SessionStoreError)
    }

    /// How long to wait between two looks at a table on its way.
    static let interval = Duration.milliseconds(500)

    private enum Phase: Hashable {
        case table, timeToLive
    }

    private let table: String
    private var phase = Phase.table
    private var refusals = 0

    /// How often a creation or change may be refused until that is the answer.
    static let maximumRefusals = 10

    init(table: String) {
        self.table = table
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
            self.phase = .timeToLive
            return .describeTimeToLive
        }
    }

    func tableCreated() -> Action { .describeTable }

    /// A creation or change was refused as if another was under way or already done, or its answer was lost: look again.
    mutating func changeRefused(_ error: SessionStoreError) -> Action {
        self.refusals += 1
        return self.refusals > Self.maximumRefusals ? .fail(error) : .wait(Self.interval)
    }

    func timeToLiveDescribed(_ description: TimeToLiveDescription) -> Action {
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
            return .done
        }
    }

    func timeToLiveEnabled() -> Action { .describeTimeToLive }

    func waited() -> Action {
        switch self.phase {
        case .table: .describeTable
        case .timeToLive: .describeTimeToLive
        }
    }

    func deadlineReached() -> Action {
        .fail(SessionStoreError(.deadlineExceeded, "the table \(self.table) is not active yet: run this again to go on waiting"))
    }
}
