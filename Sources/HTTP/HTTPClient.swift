package import EventLoop

/// HTTP/1.1 over kept connections, on one loop.
///
/// Redirects are answers like others, a compressed answer is refused, proxies are used only as `HTTPOptions` says. It holds its connections until
/// `close`, or until the loop is shut down.
package final class HTTPClient: Sendable {
    private let loop: UVLoop
    private let transport: LoopBound<Transport>

    /// A client on this loop; it connects when the first call is sent.
    package init(loop: UVLoop, options: HTTPOptions = HTTPOptions()) {
        self.loop = loop
        self.transport = LoopBound(Transport(loop: loop, options: options), loop: loop)
    }

    /// Sends a call and waits for its whole answer, whatever its status.
    ///
    /// `deadline` is the time for all of it, counted from now: the wait for a connection, the connect, the request, the answer. Throws `HTTPError`;
    /// a cancelled task's call ends with its connection.
    package func send(_ call: HTTPCall, deadline: Duration) async throws(HTTPError) -> HTTPAnswer {
        let ticket = LoopBound(Ticket(call), loop: self.loop)
        let result = await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { waiter in
                self.loop.execute { unsafe self.transport.value.start(ticket.value, waiter, within: deadline) }
            }
        } onCancel: {
            self.loop.execute { self.transport.value.cancel(ticket.value) }
        }
        return try result.get()
    }

    /// Ends the calls of this method as if their tasks had been cancelled, now and from now on.
    package func endCalls(of method: String) {
        self.loop.execute { self.transport.value.endCalls(of: method) }
    }

    /// Ends all calls with `.closed` and closes the connections. Safe to call again, and after the loop's shutdown.
    package func close() async {
        await withCheckedContinuation { done in
            self.loop.execute {
                self.transport.value.close()
                done.resume()
            }
        }
    }
}
