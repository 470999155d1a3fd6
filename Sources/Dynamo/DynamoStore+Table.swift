import AWS
public import SessionStore

extension DynamoStore {
    /// Creates the table unless it is there, with its time to live and encryption, and waits until it is active. May be called any number of times.
    ///
    /// Needs the rights for CreateTable, DescribeTable, UpdateTimeToLive and DescribeTimeToLive. Throws `.misconfigured` when there is a table of
    /// that name with another key.
    public func createTable() async throws(SessionStoreError) {
        try await self.createTable(with: TableFeatures())
    }

    /// The same with features that sessions do not need. They can be added to a table that is there; none is taken away. Beyond the rights above, the user
    /// index needs `dynamodb:UpdateTable` (where the table is there already), point-in-time recovery `UpdateContinuousBackups` and
    /// `DescribeContinuousBackups`.
    public func createTable(with features: TableFeatures) async throws(SessionStoreError) {
        let index = features.userIndex ? self.configuration.userIndex : nil
        var setup = TableSetup(table: self.configuration.table, userIndex: index, backups: features.pointInTimeRecovery)
        let end = self.clock.uptime + self.configuration.tableDeadline
        var action = setup.started()
        while true {
            switch action {
            case .done: return
            case .fail(let error): throw error
            case .describeTable, .createTable, .describeTimeToLive, .enableTimeToLive, .createUserIndex, .describeBackups, .enableBackups,
                .wait:
                if self.clock.uptime >= end {
                    action = setup.deadlineReached()
                } else {
                    // Nobody is kept waiting by a slow answer here, and a table that is made takes its time.
                    let deadline = min(end - self.clock.uptime, .seconds(30))
                    action = try await self.perform(action, &setup, userIndex: index, deadline: deadline)
                }
            }
        }
    }

    private func perform(
        _ action: TableSetup.Action, _ setup: inout TableSetup, userIndex: String?, deadline: Duration
    ) async throws(SessionStoreError) -> TableSetup.Action {
        let table = self.configuration.table
        do throws(DynamoError) {
            switch action {
            case .describeTable:
                return setup.tableDescribed(try await self.client.describeTable(table, deadline: deadline))
            case .createTable:
                try await self.client.createTable(table, userIndex: userIndex, deadline: deadline)
                return setup.tableCreated()
            case .createUserIndex:
                try await self.client.createUserIndex(table, index: self.configuration.userIndex, deadline: deadline)
                return setup.userIndexCreated()
            case .describeBackups:
                return setup.backupsDescribed(isEnabled: try await self.client.describeBackups(table, deadline: deadline))
            case .enableBackups:
                try await self.client.enableBackups(table, deadline: deadline)
                return setup.backupsEnabled()
            case .describeTimeToLive:
                return setup.timeToLiveDescribed(try await self.client.describeTimeToLive(table, deadline: deadline))
            case .enableTimeToLive:
                try await self.client.enableTimeToLive(table, deadline: deadline)
                return setup.timeToLiveEnabled()
            case .wait(let duration):
                do { try await self.clock.sleep(for: duration) } catch { return .fail(Self.cancelled) }
                return setup.waited()
            case .done, .fail: return action
            }
        } catch {
            switch action {
            case .createTable, .enableTimeToLive, .createUserIndex, .enableBackups:
                // Somebody else, or an attempt of ours whose answer was lost, was there first: the next look tells.
                let mayBeDone = Self.changesUnderWay.contains(error.code)
                guard mayBeDone || error.outcome == .unknown else { throw error.storeError }
                return setup.changeRefused(error.storeError)
            case .describeTable, .describeTimeToLive, .describeBackups, .wait, .done, .fail: throw error.storeError
            }
        }
    }

    /// What the service says while a table changes, or when the change is made already.
    private static let changesUnderWay: Set<String> = [
        "ResourceInUseException", "LimitExceededException", "ValidationException", "ContinuousBackupsUnavailableException",
    ]

    private static var cancelled: SessionStoreError {
        SessionStoreError(.cancelled, "the call was cancelled before the table was active; it may be created all the same")
    }
}
