import CCurl

/// libcurl's global state.
enum CurlLibrary {
    /// Set up once for the process, by whoever comes first; a lazy static is initialised under a lock. Never torn down: other users of libcurl in the
    /// process may still need it.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
