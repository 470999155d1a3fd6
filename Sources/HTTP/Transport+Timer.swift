import CCurl
import EventLoop

/// One timer for libcurl's timeouts and for the calls that wait.
///
/// libcurl changes its mind three times a request. The timer is only ever set to an earlier moment; when it fires too early it is set again.
extension Transport {
    static let timerChanged: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Int32 = { _, milliseconds, owner in
        unsafe Transport.recover(owner)?.setCurlTimer(milliseconds)
        return 0
    }

    /// -1 is none, 0 is now.
    private func setCurlTimer(_ milliseconds: Int) {
        if milliseconds < 0 {
            self.curlDeadline = nil
        } else if milliseconds == 0 {
            self.kick()
        } else {
            self.curlDeadline = self.loop.now + .milliseconds(milliseconds)
            self.armTimer()
        }
    }

    /// libcurl wants to run: once at the end of this turn, for all calls that the turn added.
    private func kick() {
        guard !self.willKick else { return }
        self.willKick = true
        self.loop.atEndOfTurn { [self] in
            self.willKick = false
            self.act(on: CURL_SOCKET_TIMEOUT, 0)
        }
    }

    func armTimer() {
        guard let next = [self.curlDeadline, self.earliestQueueDeadline].compactMap({ $0 }).min() else { return }
        if let armed = self.timerFiresAt, armed <= next { return }
        self.timerFiresAt = next
        self.timer?.arm(after: max(.zero, next - self.loop.now))
    }

    func timerFired() {
        self.timerFiresAt = nil
        let now = self.loop.now
        self.expireQueue()
        if let deadline = self.curlDeadline, deadline <= now {
            self.curlDeadline = nil
            self.act(on: CURL_SOCKET_TIMEOUT, 0)
        }
        self.armTimer()
    }
}
