import CCurl

/// A result of libcurl's easy interface, with its own text.
struct CurlCode: RawRepresentable, Hashable {
    let rawValue: UInt32

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    init(_ code: CURLcode) {
        self.rawValue = code.rawValue
    }

    static let ok = CurlCode(CURLE_OK)
    static let unsupportedProtocol = CurlCode(CURLE_UNSUPPORTED_PROTOCOL)
    static let malformedURL = CurlCode(CURLE_URL_MALFORMAT)
    static let couldNotResolve = CurlCode(CURLE_COULDNT_RESOLVE_HOST)
    static let couldNotResolveProxy = CurlCode(CURLE_COULDNT_RESOLVE_PROXY)
    static let proxyFailed = CurlCode(CURLE_PROXY)
    static let couldNotConnect = CurlCode(CURLE_COULDNT_CONNECT)
    static let weirdReply = CurlCode(CURLE_WEIRD_SERVER_REPLY)
    static let badEncoding = CurlCode(CURLE_BAD_CONTENT_ENCODING)
    static let timedOut = CurlCode(CURLE_OPERATION_TIMEDOUT)
    static let handshakeFailed = CurlCode(CURLE_SSL_CONNECT_ERROR)
    static let certificateRefused = CurlCode(CURLE_PEER_FAILED_VERIFICATION)
    static let badAuthorityFile = CurlCode(CURLE_SSL_CACERT_BADFILE)
    static let fileTooLarge = CurlCode(CURLE_FILESIZE_EXCEEDED)
    static let outOfMemory = CurlCode(CURLE_OUT_OF_MEMORY)

    /// libcurl's words; static text ("curl_easy_strerror returns a string describing the CURLcode error code").
    var text: String {
        guard let text = unsafe curl_easy_strerror(CURLcode(rawValue: self.rawValue)) else { return "curl \(self.rawValue)" }
        return unsafe String(cString: text)
    }
}
