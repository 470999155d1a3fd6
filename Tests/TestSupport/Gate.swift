/// A door that tests close in front of a call, to look at what happens while it waits there.
package final class Gate: Sendable {
    private struct State {
        var isOpen: Bool
        var arrivals = 0
    }

    private let state: Observed<State>

    package init(isOpen: Bool = false) {
        self.state = Observed(State(isOpen: isOpen))
    }

    /// How many have come so far.
    package var arrivals: Int { self.state.value.arrivals }

    /// Comes to the gate, and waits while it is closed and the task is not cancelled.
    package func pass() async {
        self.state.change { $0.arrivals += 1 }
        try? await self.state.wait { $0.isOpen }
    }

    /// Lets all pass, from now on.
    package func open() {
        self.state.change { $0.isOpen = true }
    }

    /// Waits until that many have come.
    package func waitForArrivals(_ count: Int) async throws(CancellationError) {
        try await self.state.wait { $0.arrivals >= count }
    }
}
