import CCurl
import EventLoop

extension Transfer {
    /// What stays the same for all calls. False when libcurl refuses an option that matters.
    func configure(_ options: HTTPOptions, transport: Transport) -> Bool {
        let easy = unsafe self.easy
        self.transport = transport
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        let owner = unsafe Unmanaged.passUnretained(transport).toOpaque()
        // Without a name resolver's signals: there are other threads (CURLOPT_NOSIGNAL).
        let required = unsafe [
            shim_easy_setopt_long(easy, CURLOPT_NOSIGNAL, 1),
            shim_easy_allow_only_http(easy),
            shim_easy_setopt_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            shim_easy_setopt_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            shim_easy_setopt_long(easy, CURLOPT_SSL_VERIFYPEER, 1),
            shim_easy_setopt_long(easy, CURLOPT_SSL_VERIFYHOST, 2),
            // An empty text means none, whatever the environment says; `setURL` sets another.
            shim_easy_setopt_string(easy, CURLOPT_PROXY, ""),
            shim_easy_setopt_string(easy, CURLOPT_NOPROXY, ""),
            // The signed fields are for the server at the tunnel's end.
            shim_easy_setopt_long(easy, CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE)),
            shim_easy_setopt_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            shim_easy_setopt_pointer(easy, CURLOPT_PRIVATE, me),
            shim_easy_setopt_data(easy, CURLOPT_WRITEFUNCTION, Transfer.bodyReceived),
            shim_easy_setopt_pointer(easy, CURLOPT_WRITEDATA, self.received),
            shim_easy_setopt_data(easy, CURLOPT_HEADERFUNCTION, Transfer.headerReceived),
            shim_easy_setopt_pointer(easy, CURLOPT_HEADERDATA, self.received),
            shim_easy_setopt_prereq(easy, Transfer.requestStarts),
            shim_easy_setopt_pointer(easy, CURLOPT_PREREQDATA, me),
            shim_easy_setopt_opensocket(easy, Transport.openSocket),
            shim_easy_setopt_pointer(easy, CURLOPT_OPENSOCKETDATA, me),
            shim_easy_setopt_closesocket(easy, Transport.closeSocket),
            shim_easy_setopt_pointer(easy, CURLOPT_CLOSESOCKETDATA, owner),
        ]
        unsafe shim_easy_leave_resolver(easy)
        _ = unsafe shim_easy_setopt_long(easy, CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.wholeMilliseconds)
        _ = unsafe shim_easy_setopt_long(easy, CURLOPT_MAXAGE_CONN, max(1, options.maxIdle.wholeMilliseconds / 1000))
        _ = unsafe shim_easy_setopt_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        _ = unsafe shim_easy_setopt_long(easy, CURLOPT_MAXLIFETIME_CONN, max(1, options.maxAge.wholeMilliseconds / 1000))
        self.nameLife = options.nameLife.wholeMilliseconds / 1000
        _ = unsafe shim_easy_setopt_long(easy, CURLOPT_DNS_CACHE_TIMEOUT, self.nameLife)
        if let path = options.caBundle ?? TrustStore.bundle() {
            guard unsafe shim_easy_setopt_string(easy, CURLOPT_CAINFO, path) == CURLE_OK else { return false }
            _ = unsafe shim_easy_setopt_string(easy, CURLOPT_PROXY_CAINFO, path)
        }
        self.proxies = options.proxies
        return required.allSatisfy { $0 == CURLE_OK }
    }

    /// Hands a call to libcurl's handle; the error says what of it cannot be sent. With `asksForNames` a new connection goes to an address that is asked for now.
    func prepare(_ call: HTTPCall, timeout: Duration, asksForNames: Bool) -> HTTPError? {
        guard call.headers.isValid else { return .invalidCall("a header has an empty name or control characters") }
        if let error = self.setURL(call.url) ?? self.setMethod(call.method) { return error }
        if call.method != "GET", call.method != "HEAD" { self.setBody(call.body) }
        self.setHeaders(call)
        if call.needsFreshConnection != self.isFresh {
            self.isFresh = call.needsFreshConnection
            _ = unsafe shim_easy_setopt_long(self.easy, CURLOPT_FRESH_CONNECT, self.isFresh ? 1 : 0)
        }
        if asksForNames != self.asksForNames {
            self.asksForNames = asksForNames
            _ = unsafe shim_easy_setopt_long(self.easy, CURLOPT_DNS_CACHE_TIMEOUT, asksForNames ? 0 : self.nameLife)
        }
        // Zero would mean "no limit".
        let milliseconds = max(1, timeout.wholeMilliseconds)
        if milliseconds != self.timeout {
            self.timeout = milliseconds
            _ = unsafe shim_easy_setopt_long(self.easy, CURLOPT_TIMEOUT_MS, milliseconds)
        }
        return nil
    }

    private func setHeaders(_ call: HTTPCall) {
        self.headerList.fill(call.headers, bodyCount: call.body.count)
        // Most calls find their list where the one before had it.
        guard unsafe self.headerList.head != self.knownList else { return }
        unsafe self.knownList = self.headerList.head
        _ = unsafe shim_easy_setopt_list(self.easy, CURLOPT_HTTPHEADER, self.knownList)
    }

    private func setURL(_ url: String) -> HTTPError? {
        if url == self.url { return self.parseURL(url) }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else { return .invalidCall("its URL is neither http nor https") }
        var bytes = url
        guard bytes.withUTF8({ unsafe $0.allSatisfy { $0 > 0x20 && $0 < 0x7f } }) else {
            return .invalidCall("its URL is not percent-encoded")
        }
        // Forgotten first: a call that fails here leaves no URL that the next one could take for its own.
        self.url = nil
        if self.isParsed {
            self.isParsed = false
            _ = unsafe shim_easy_setopt_url(self.easy, nil)
        }
        guard unsafe shim_easy_setopt_string(self.easy, CURLOPT_URL, url) == CURLE_OK else { return .system("out of memory") }
        let proxy = self.proxies.proxy(for: url) ?? ""
        if proxy != self.proxy {
            guard unsafe shim_easy_setopt_string(self.easy, CURLOPT_PROXY, proxy) == CURLE_OK else { return .system("out of memory") }
            self.proxy = proxy
        }
        self.url = url
        return nil
    }

    /// libcurl parses the text for each call: the parts are worth their making when a second one goes there. It has both, since it would make a text of
    /// the parts for each call; it copies the text (CURLOPT_URL) and only reads the parts (CURLOPT_CURLU).
    private func parseURL(_ url: String) -> HTTPError? {
        if self.isParsed { return nil }
        switch unsafe curl_url_set(self.parsedURL, CURLUPART_URL, url, 0) {
        case CURLUE_OK: break
        case CURLUE_OUT_OF_MEMORY: return .system("out of memory")
        default: return HTTPError(.malformedURL, sent: false)
        }
        guard unsafe shim_easy_setopt_url(self.easy, self.parsedURL) == CURLE_OK else { return .system("out of memory") }
        self.isParsed = true
        return nil
    }

    private func setMethod(_ method: String) -> HTTPError? {
        if method == self.method { return nil }
        guard !method.isEmpty, method.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
            return .invalidCall("its method is not a word in capitals")
        }
        let easy = unsafe self.easy
        self.method = method
        _ = unsafe shim_easy_setopt_long(easy, CURLOPT_NOBODY, method == "HEAD" ? 1 : 0)
        switch method {
        case "HEAD":
            _ = unsafe shim_easy_setopt_string(easy, CURLOPT_CUSTOMREQUEST, nil)
        case "GET":
            _ = unsafe shim_easy_setopt_long(easy, CURLOPT_HTTPGET, 1)
            _ = unsafe shim_easy_setopt_string(easy, CURLOPT_CUSTOMREQUEST, nil)
        case "POST":
            _ = unsafe shim_easy_setopt_long(easy, CURLOPT_POST, 1)
            _ = unsafe shim_easy_setopt_string(easy, CURLOPT_CUSTOMREQUEST, nil)
        default:
            _ = unsafe shim_easy_setopt_long(easy, CURLOPT_POST, 1)
            _ = unsafe shim_easy_setopt_string(easy, CURLOPT_CUSTOMREQUEST, method)
        }
        return nil
    }

    /// libcurl does not copy the body (CURLOPT_POSTFIELDS): it needs an address that stays.
    private func setBody(_ bytes: [UInt8]) {
        if unsafe bytes.count > self.body.count {
            unsafe self.body.deallocate()
            unsafe self.body = .allocate(capacity: bytes.count)
        }
        unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(self.body).copyMemory(from: $0) }
        if bytes.count != self.knownBodyCount {
            self.knownBodyCount = bytes.count
            _ = unsafe shim_easy_setopt_off(self.easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        }
        if unsafe self.knownBody != UnsafeMutableRawPointer(self.body.baseAddress) {
            unsafe self.knownBody = UnsafeMutableRawPointer(self.body.baseAddress)
            _ = unsafe shim_easy_setopt_pointer(self.easy, CURLOPT_POSTFIELDS, self.knownBody)
        }
    }
}

extension Duration {
    /// Rounded up: a wait of half a millisecond is a wait. Saturates at about 24 days, which is libcurl's longest.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = self.components
        if seconds >= 2_000_000 { return 2_000_000_000 }
        if seconds < 0 { return 0 }
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
