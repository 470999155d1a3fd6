import AWS
public import SessionStore

extension DynamoStore {
    /// Creates the table unless it is there, with its time to live and encryption, and waits until it is active. May be called any number of times.
    ///
    /// Needs the rights for CreateTable, DescribeTable, UpdateTimeToLive and DescribeTimeToLive. Throws `.misconfigured` when there is a table of
    /// that name with another key.
    public func createTable() async throws(SessionStoreError) {
        var setup = TableSetup(table: self.configuration.table)
        let end = self.clock.uptime + self.configuration.tableDeadline
        var action = setup.started()
        while true {
            switch action {
            case .done: return
            case .fail(let error): throw error
            case .describeTable, .createTable, .describeTimeToLive, .enableTimeToLive, .wait:
                if self.clock.uptime >= end {
                    action = setup.deadlineReached()
                } else {
                    action = try await self.perform(action, &setup)
                }
            }
        }
    }

    private func perform(_ action: TableSetup.Action, _ setup: inout TableSetup) async throws(SessionStoreError) -> TableSetup.Action {
        let table = self.configuration.table
        let deadline = self.configuration.readDeadline
        do throws(DynamoError) {
            switch action {
            case .describeTable:
                return setup.tableDescribed(try await self.client.describeTable(table, deadline: deadline))
            case .createTable:
                try await self.client.createTable(table, deadline: deadline)
                return setup.tableCreated()
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
            case .createTable, .enableTimeToLive:
                // Somebody else, or an attempt of ours whose answer was lost, was there first: the next look tells.
                let mayBeDone = ["ResourceInUseException", "LimitExceededException", "ValidationException"].contains(error.code)
                guard mayBeDone || error.outcome == .unknown else { throw self.setupError(error) }
                return setup.changeRefused(error.storeError)
            case .describeTable, .describeTimeToLive, .wait, .done, .fail: throw self.setupError(error)
            }
        }
    }

    /// The error of a step: creating a table takes other rights than using it.
    private func setupError(_ error: DynamoError) -> SessionStoreError {
        guard error.code == "AccessDeniedException" else { return error.storeError }
        return SessionStoreError(
            .accessDenied,
            "these AWS credentials may not create the table \(self.configuration.table): allow dynamodb:CreateTable, DescribeTable, UpdateTimeToLive "
                + "and DescribeTimeToLive on it in their IAM policy", underlying: error.storeError.underlying)
    }

    private static var cancelled: SessionStoreError {
        SessionStoreError(.cancelled, "the call was cancelled before the table was active; it may be created all the same")
    }
}
