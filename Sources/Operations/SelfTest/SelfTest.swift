import CacheStore
import Dynamo
import Redis
import SessionStore
import SessionStoreTesting
package import Wiring

/// Holds the configured store to the contract of stores, under ids that nobody else has, and cleans up.
package struct SelfTest: Sendable {
    /// What it found.
    package struct Report: Hashable, Sendable {
        /// The promises that were kept.
        package var kept: [String] = []
        /// Those that need a clock or an outage of the test's own.
        package var leftOut: [String] = []
        /// What was found of the others, a line each.
        package var findings: [String] = []
        /// Keys that were written, and removed.
        package var removed = 0
        /// Of them, keys of which the mark of a deletion is left in the table, without data, until its time to live removes it.
        package var marks = 0
        /// Keys that could not be removed.
        package var left = 0

        /// An empty report.
        package init() {}
    }

    private let services: SessionServices
    private let timeToLive: Duration

    /// A test of these services, whose sessions live so long.
    package init(_ services: SessionServices, timeToLive: Duration) {
        self.services = services
        self.timeToLive = timeToLive
    }

    /// How many promises there are.
    package static var promises: Int { SessionStoreContract.checks.count }

    /// Runs it; `done` is told of each promise. Ends early when its task is cancelled, and cleans up then, too.
    package func run(done: @escaping @Sendable () -> Void) async -> Report {
        var report = Report()
        let store = RecordingStore(self.services.store)
        let subject = ContractSubject(store, timeToLive: self.timeToLive, clock: self.services.clock)
        for check in SessionStoreContract.checks {
            if Task.isCancelled { break }
            do throws(ContractViolation) {
                if try await check.run(on: subject) { report.kept.append(check.sentence) } else { report.leftOut.append(check.sentence) }
            } catch {
                report.findings += error.findings.map { "\($0.check): \($0.message)" }
            }
            done()
        }
        // Unstructured: an interrupted test cleans up all the same.
        let keys = store.keys
        let (removed, marks, left) = await Task(executorPreference: self.services.redis?.loop) { await self.cleanUp(keys) }.value
        (report.removed, report.marks, report.left) = (removed, marks, left)
        return report
    }

    private func cleanUp(_ keys: Set<SessionKey>) async -> (removed: Int, marks: Int, left: Int) {
        var (removed, marks, left) = (0, 0, 0)
        for key in keys {
            do throws(SessionStoreError) {
                _ = try await self.services.store.write(SessionWrite(key, .delete, as: .asOperator))
                removed += 1
                guard let dynamo = self.services.dynamo else { continue }
                do throws(DynamoError) {
                    if try await dynamo.purge(key, if: .ended) == .removed { await self.forget(key) } else { marks += 1 }
                } catch {
                    marks += 1
                }
            } catch {
                left += 1
            }
        }
        return (removed, marks, left)
    }

    /// What fails here ends by itself within the hour.
    private func forget(_ key: SessionKey) async {
        try? await self.services.core?.purge(key)
    }
}
