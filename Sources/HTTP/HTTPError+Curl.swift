extension HTTPError {
    static func cancelled(sent: Bool) -> HTTPError {
        HTTPError(.cancelled, "The task was cancelled before the answer came.", requestMayHaveBeenSent: sent)
    }

    static func closed(sent: Bool) -> HTTPError {
        HTTPError(.closed, "The HTTP client was shut down: nothing more can be sent through it.", requestMayHaveBeenSent: sent)
    }

    static func timedOut(sent: Bool) -> HTTPError {
        HTTPError(
            .timedOut, sent ? "The server gave no complete answer in time." : "There was no connection to the server in time.",
            requestMayHaveBeenSent: sent)
    }

    static func tooLarge() -> HTTPError {
        HTTPError(.tooLarge, "The answer is larger than the limit.", requestMayHaveBeenSent: true)
    }

    static func compressed() -> HTTPError {
        HTTPError(
            .malformedAnswer, "The answer is compressed, which nobody asked for: check what stands between here and the endpoint.",
            requestMayHaveBeenSent: true)
    }

    static func refusedByProxy(_ status: Int) -> HTTPError {
        HTTPError(
            .connect,
            "The proxy refuses to connect to the server (HTTP \(status)): check HTTPS_PROXY, its user and password, and NO_PROXY.")
    }

    static func refusedAddress() -> HTTPError {
        HTTPError(
            .refusedAddress,
            "The server's name leads to an address of this machine or its link, which is not called: check the name, or write the address.")
    }

    static func overloaded() -> HTTPError {
        HTTPError(.overloaded, "All connections are busy and the queue is full: send less at once, or raise the limits.")
    }

    static func invalidCall(_ what: String) -> HTTPError {
        HTTPError(.invalidCall, "The request cannot be sent: \(what).")
    }

    static func connectionLost() -> HTTPError {
        HTTPError(.reset, "The connection ended before the answer was complete.", requestMayHaveBeenSent: true)
    }

    static func system(_ what: String) -> HTTPError {
        HTTPError(.system, "The HTTP client cannot work: \(what).")
    }

    /// What a failed transfer means; `sent` when any byte of the request was handed to the network.
    init(_ code: CurlCode, sent: Bool) {
        switch code {
        case .timedOut:
            self = .timedOut(sent: sent)
        case .couldNotResolve:
            self = HTTPError(.resolve, "The server's name has no address: check the endpoint and the network.")
        case .couldNotResolveProxy:
            self = HTTPError(.resolve, "The proxy's name has no address: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.")
        case .proxyFailed:
            self = HTTPError(.connect, "The proxy does not connect to the server: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.")
        case .couldNotConnect:
            self = HTTPError(.connect, "The server refuses connections or cannot be reached: check the endpoint and the network.")
        case .handshakeFailed, .certificateRefused, .badAuthorityFile:
            self = HTTPError(
                .tls, "The TLS connection failed (\(code.text)): check the endpoint, its certificate and the CA file.",
                requestMayHaveBeenSent: sent)
        case .fileTooLarge:
            self = .tooLarge()
        case .outOfMemory:
            self = HTTPError(.system, "libcurl is out of memory.", requestMayHaveBeenSent: sent)
        case .unsupportedProtocol where !sent, .malformedURL:
            self = .invalidCall("its URL is none that libcurl accepts")
        case .unsupportedProtocol, .weirdReply, .badEncoding:
            self = HTTPError(.malformedAnswer, "The server's answer is not HTTP/1.1: check the endpoint.", requestMayHaveBeenSent: true)
        default:
            self = sent ? .connectionLost() : HTTPError(.connect, "The connection failed (\(code.text)).")
        }
    }
}
