import CCurl

/// One easy handle with its buffers, used for one call after another. Loop only.
///
/// libcurl keeps this object's address while a transfer runs; the transport keeps the object until `close`.
@safe
final class Transfer {
    /// Valid until `close`.
    let easy: UnsafeMutableRawPointer
    /// The URL's parts, for as many calls as it stays the same; valid until `close`.
    let parsedURL: OpaquePointer
    let limits: Limits
    /// The call that runs.
    private(set) var ticket: Ticket?
    var isClosed = false

    // What the next call may find as the last one left it.
    let headerList = CurlHeaderList()
    var body = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
    var url: String?
    var proxies = HTTPProxies()
    var method: String?
    var isFresh = false
    var asksForNames = false
    /// Seconds.
    var nameLife = 0
    var timeout = 0
    var knownList: UnsafeMutablePointer<curl_slist>?
    var knownBody: UnsafeMutableRawPointer?
    var knownBodyCount = -1
    /// As many as the last answer's: the next one's buffer is made in one piece.
    var usualHeaderBytes = 512

    // The answer so far.
    var headers = HTTPHeaders()
    var headerBytes = 0
    /// The empty line came.
    var headIsComplete = false
    var bodyHasBegun = false
    var answer: [UInt8] = []
    var isTooLarge = false
    /// The body has a content coding, which nobody asked for.
    var isCompressed = false
    /// The request was about to be sent a second time, and must not be.
    var wasNotRepeated = false
    var starts = 0

    struct Limits {
        var answerBytes: Int
        var headerBytes: Int
    }

    init?(_ limits: Limits) {
        guard let easy = unsafe curl_easy_init() else { return nil }
        guard let parsedURL = unsafe curl_url() else {
            unsafe curl_easy_cleanup(easy)
            return nil
        }
        unsafe self.easy = easy
        unsafe self.parsedURL = parsedURL
        self.limits = limits
    }

    deinit {
        assert(self.isClosed, "a transfer was dropped without being closed")
        unsafe self.body.deallocate()
    }

    /// Frees the handle; it was removed from its multi handle before.
    func close() {
        guard !self.isClosed else { return }
        self.isClosed = true
        unsafe curl_easy_cleanup(self.easy)
        // After the handle that reads it.
        unsafe curl_url_cleanup(self.parsedURL)
    }

    /// Forgets the call and its answer.
    func reset() {
        self.ticket?.transfer = nil
        self.ticket = nil
        self.headers.removeAll()
        self.headerBytes = 0
        self.headIsComplete = false
        self.bodyHasBegun = false
        self.answer = []
        self.isTooLarge = false
        self.isCompressed = false
        self.wasNotRepeated = false
        self.starts = 0
        // One huge body should not stay for ever.
        if unsafe self.body.count > 1 << 17 {
            unsafe self.body.deallocate()
            unsafe self.body = .allocate(capacity: 4096)
            unsafe self.knownBody = nil
        }
    }

    func bind(_ ticket: Ticket) {
        self.ticket = ticket
        ticket.transfer = self
    }

    /// Whether any byte of the request was handed to the network. What went to a proxy to open a tunnel does not count.
    var wasSent: Bool {
        guard self.starts > 0 else { return false }
        var bytes = 0
        _ = unsafe shim_easy_getinfo_long(self.easy, CURLINFO_REQUEST_SIZE, &bytes)
        return bytes > 0
    }

    /// What the transfer came to, after libcurl is done with it.
    func result(_ code: CurlCode) -> Result<HTTPAnswer, HTTPError> {
        if self.isTooLarge { return .failure(.tooLarge()) }
        if self.isCompressed { return .failure(.compressed()) }
        if self.wasNotRepeated { return .failure(.connectionLost()) }
        guard code == .ok else { return .failure(self.error(code)) }
        // libcurl takes an end within the head for the end of an answer without a body.
        guard self.headIsComplete else { return .failure(.connectionLost()) }
        var status = 0
        _ = unsafe shim_easy_getinfo_long(self.easy, CURLINFO_RESPONSE_CODE, &status)
        let headers = self.headers
        let answer = self.answer
        self.usualHeaderBytes = headers.lines.count
        // The buffers go with the answer: it must be their only owner when it changes them.
        self.headers = HTTPHeaders()
        self.answer = []
        return .success(HTTPAnswer(status: status, headers: headers, body: answer))
    }

    private func error(_ code: CurlCode) -> HTTPError {
        let sent = self.wasSent
        var proxyStatus = 0
        if !sent { _ = unsafe shim_easy_getinfo_long(self.easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus) }
        return proxyStatus >= 300 ? .refusedByProxy(proxyStatus) : HTTPError(code, sent: sent)
    }
}
