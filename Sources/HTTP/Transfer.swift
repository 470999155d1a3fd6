import CCurl

/// One easy handle with its buffers, used for one call after another. Loop only.
///
/// libcurl keeps this object's address while a transfer runs; the transport keeps the object until `close`.
@safe
final class Transfer {
    /// Valid until `close`.
    let easy: UnsafeMutableRawPointer
    /// The URL's parts, once a second call goes there; valid until `close`.
    let parsedURL: OpaquePointer
    /// Whose transfer it is; set with its options.
    weak var transport: Transport?
    /// The call that runs.
    private(set) var ticket: Ticket?
    var isClosed = false

    // What the next call may find as the last one left it.
    let headerList = CurlHeaderList()
    var body = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
    var url: String?
    /// Whether libcurl has the URL in parts, too.
    var isParsed = false
    var proxy = ""
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

    /// The answer so far. Not a stored property, each use of which is checked for exclusive access at run time: libcurl hands an answer over line by line.
    let received: UnsafeMutablePointer<ReceivedAnswer>

    // The request so far.
    /// The request was about to be sent a second time, and must not be.
    var wasNotRepeated = false
    /// An address was not connected to because of the rule.
    var wasRefused = false
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
        unsafe self.received = .allocate(capacity: 1)
        unsafe self.received.initialize(to: ReceivedAnswer(limits))
    }

    deinit {
        assert(self.isClosed, "a transfer was dropped without being closed")
        unsafe self.body.deallocate()
        unsafe self.received.deinitialize(count: 1)
        unsafe self.received.deallocate()
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
        unsafe self.received.pointee.reset()
        self.wasNotRepeated = false
        self.wasRefused = false
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
        if unsafe self.received.pointee.isTooLarge { return .failure(.tooLarge()) }
        if unsafe self.received.pointee.isCompressed { return .failure(.compressed()) }
        if self.wasNotRepeated { return .failure(.connectionLost()) }
        guard code == .ok else { return .failure(self.error(code)) }
        // libcurl takes an end within the head for the end of an answer without a body.
        guard unsafe self.received.pointee.headIsComplete else { return .failure(.connectionLost()) }
        var status = 0
        _ = unsafe shim_easy_getinfo_long(self.easy, CURLINFO_RESPONSE_CODE, &status)
        return .success(unsafe self.received.pointee.take(status: status))
    }

    private func error(_ code: CurlCode) -> HTTPError {
        let sent = self.wasSent
        if self.wasRefused, !sent { return .refusedAddress() }
        var proxyStatus = 0
        if !sent { _ = unsafe shim_easy_getinfo_long(self.easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus) }
        return proxyStatus >= 300 ? .refusedByProxy(proxyStatus) : HTTPError(code, sent: sent)
    }
}
