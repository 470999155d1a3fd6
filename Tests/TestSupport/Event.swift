/// Something that happens, once or more often, on any thread, and that tests wait for.
package final class Event: Sendable {
    private let count = Observed(0)

    package init() {}

    /// It happened once more.
    package func happened() {
        self.count.change { $0 += 1 }
    }

    /// Waits until it has happened that often.
    package func wait(times: Int = 1) async throws(CancellationError) {
        try await self.count.wait { $0 >= times }
    }
}
