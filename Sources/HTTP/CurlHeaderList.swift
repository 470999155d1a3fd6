import CCurl

/// The list of header lines of one easy handle, in memory that is kept: the bytes of each call are written over those of the one before.
///
/// libcurl only reads the list, and only until the transfer is done ("libcurl does not copy the list", CURLOPT_HTTPHEADER).
@safe
final class CurlHeaderList {
    private var nodes: UnsafeMutableBufferPointer<curl_slist>
    private var bytes: UnsafeMutableBufferPointer<CChar>
    private var used = 0
    private var count = 0

    /// What libcurl would add by itself and nobody asked for: a name with nothing after its colon takes it out.
    private static let unwanted = ["Accept", "Expect", "Content-Type"]

    init() {
        unsafe self.nodes = .allocate(capacity: 24)
        unsafe self.bytes = .allocate(capacity: 2048)
    }

    deinit {
        unsafe self.nodes.deallocate()
        unsafe self.bytes.deallocate()
    }

    /// Writes these fields; valid until the next `fill`.
    func fill(_ headers: HTTPHeaders) {
        self.used = 0
        self.count = 0
        let bytes = headers.storage
        var lines = 0
        headers.forEachLine { _ in
            lines += 1
            return true
        }
        // One byte more than each line can need: an empty value is written as a semicolon in place of the colon.
        self.reserve(bytes: bytes.count + 64, lines: lines + Self.unwanted.count)
        headers.forEachLine { line in
            if line.value.isEmpty {
                self.add(bytes[line.name], then: UInt8(ascii: ";"))
            } else {
                self.add(bytes[line.start..<line.end], then: nil)
            }
            return true
        }
        for name in Self.unwanted where headers.bytes(of: name) == nil {
            self.add(name.utf8, then: UInt8(ascii: ":"))
        }
        self.link()
    }

    /// The list's head, for as long as the handle uses it.
    func withList<Result>(_ body: (UnsafeMutablePointer<curl_slist>?) -> Result) -> Result {
        unsafe body(self.count == 0 ? nil : self.nodes.baseAddress)
    }

    /// Makes room, at the price of moving; only before the first line of a call.
    private func reserve(bytes: Int, lines: Int) {
        if unsafe bytes > self.bytes.count {
            unsafe self.bytes.deallocate()
            unsafe self.bytes = .allocate(capacity: bytes * 2)
        }
        if unsafe lines > self.nodes.count {
            unsafe self.nodes.deallocate()
            unsafe self.nodes = .allocate(capacity: lines * 2)
        }
    }

    private func add(_ text: some Collection<UInt8>, then last: UInt8?) {
        let start = self.used
        for byte in text {
            unsafe self.bytes[self.used] = CChar(bitPattern: byte)
            self.used += 1
        }
        if let last {
            unsafe self.bytes[self.used] = CChar(bitPattern: last)
            self.used += 1
        }
        unsafe self.bytes[self.used] = 0
        self.used += 1
        unsafe self.nodes[self.count] = curl_slist(data: self.bytes.baseAddress.map { unsafe $0 + start }, next: nil)
        self.count += 1
    }

    private func link() {
        guard self.count > 1 else { return }
        for index in 0..<self.count - 1 {
            unsafe self.nodes[index].next = self.nodes.baseAddress.map { unsafe $0 + index + 1 }
        }
    }
}
