import Locked

/// A TCP proxy on 127.0.0.1 that does to the connections through it what a network or a dying server does. One thread carries them all; a change
/// of the fault is in force when the call that made it returns.
package final class FaultProxy: Sendable {
    /// What is done to the connections.
    package enum Fault: Hashable, Sendable {
        /// Everything is forwarded at once.
        case none
        /// Each byte waits that long, in each direction.
        case delay(Duration)
        /// Pieces of at most that many bytes, each in a segment of its own, with a pause in between.
        case split(Int, every: Duration = .zero)
        /// At most that many bytes are taken from each side per pause, and no more before they are forwarded: who writes is made to wait.
        case slowRead(Int, every: Duration)
        /// New connections are refused, those that are open end with a reset: nobody listens any more.
        case refuse
        /// Both sides stay connected, and nothing comes through. A connection that this met never carries anything again.
        case halfOpen
        /// Requests arrive, answers do not. A connection that this met never carries an answer again.
        case losingReplies
        /// The first connection that has carried that many bytes of answers from now on ends there, with a reset; after it the fault is over.
        case cutReply(after: Int)
    }

    /// What has passed so far.
    package struct Counts: Hashable, Sendable {
        /// Connections that were accepted.
        package var accepted = 0
        /// Connections that are open now.
        package var open = 0
        /// Connections that this proxy has ended, not one of the two sides.
        package var cut = 0
        /// Bytes forwarded from clients.
        package var requestBytes = 0
        /// Bytes forwarded to clients.
        package var replyBytes = 0
        /// Bytes taken and never forwarded.
        package var swallowed = 0
    }

    /// The port it listens on, under any fault the same.
    package let port: Int
    private let counters: Observed<Counts>
    private let control: ProxyControl

    /// A proxy in front of a port of 127.0.0.1, without a fault.
    package init(to port: Int) throws {
        let counters = Observed(Counts())
        let control = try ProxyControl()
        let ends = try ProxyListener()
        (self.port, self.counters, self.control) = (ends.port, counters, control)
        onThread {
            ProxyLoop(listener: ends, upstream: port, control: control, counters: counters).run()
        }
    }

    deinit {
        self.control.send(.end)
    }

    /// What has passed.
    package var counts: Counts { self.counters.value }

    /// Waits until what has passed is as wanted.
    package func wait(until isMet: @escaping @Sendable (Counts) -> Bool) async throws(CancellationError) {
        try await self.counters.wait { isMet($0) }
    }

    /// Does this from now on, in place of what was done before.
    package func set(_ fault: Fault) async {
        await self.perform { .set(fault, $0) }
    }

    /// New connections lead to another port of 127.0.0.1, as when a name gets another address; those that are open stay.
    package func lead(to port: Int) async {
        await self.perform { .lead(to: port, $0) }
    }

    /// Ends the connections that are open; new ones are accepted as before.
    ///
    /// - Parameter reset: whether they end with a reset, as those of a process that was killed; otherwise in order, as those of one that stops.
    package func cut(reset: Bool = true) async {
        await self.perform { .cut(reset: reset, $0) }
    }

    private func perform(_ command: (CheckedContinuation<Void, Never>) -> ProxyControl.Command) async {
        await withCheckedContinuation { self.control.send(command($0)) }
    }
}
