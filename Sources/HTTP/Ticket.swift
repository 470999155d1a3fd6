/// One call on its way through the transport. Loop only; resumed exactly once.
@safe
final class Ticket {
    // Resumed exactly once: `finish` takes it out. A checked one has an object to say so, 500 instructions of each request.
    typealias Waiter = UnsafeContinuation<Result<HTTPAnswer, HTTPError>, Never>

    let call: HTTPCall
    /// A name in the queue; 0 before the call arrived.
    var id: UInt64 = 0
    /// On the loop's clock.
    var deadline: Duration = .zero
    /// Its transfer, while it runs.
    var transfer: Transfer?
    private var waiter: Waiter?
    private(set) var isOver = false

    init(_ call: HTTPCall) {
        self.call = call
    }

    /// The caller waits now; false if it was cancelled before and has its answer.
    func wait(_ waiter: Waiter) -> Bool {
        guard !self.isOver else {
            unsafe waiter.resume(returning: .failure(.cancelled(sent: false)))
            return false
        }
        unsafe self.waiter = waiter
        return true
    }

    func finish(_ result: Result<HTTPAnswer, HTTPError>) {
        guard !self.isOver else { return }
        self.isOver = true
        unsafe self.waiter.take()?.resume(returning: result)
    }
}
