import CCurl

/// The list of header lines of one easy handle, in memory that is kept: the bytes of each call are written over those of the one before.
///
/// libcurl only reads the list, and only until the transfer is done ("libcurl does not copy the list", CURLOPT_HTTPHEADER).
@safe
final class CurlHeaderList {
    private var nodes: UnsafeMutableBufferPointer<curl_slist>
    private var bytes: UnsafeMutableBufferPointer<CChar>
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
        self.count = 0
        let lines = headers.storage
        self.reserve(bytes: lines.count + 64, nodes: headers.count + Self.unwanted.count)
        unsafe lines.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(self.bytes).copyMemory(from: $0) }
        var given = 0
        headers.forEachLine { line in
            self.add(line.start)
            if line.value.isEmpty {
                // A colon with nothing after it would take the field out; a semicolon sends it without a value (CURLOPT_HTTPHEADER).
                unsafe self.bytes[line.colon] = CChar(UInt8(ascii: ";"))
                unsafe self.bytes[line.colon + 1] = 0
            }
            for (index, name) in Self.unwanted.enumerated() where headers.matches(line, name) { given |= 1 << index }
            return true
        }
        var end = lines.count
        for (index, name) in Self.unwanted.enumerated() where given & 1 << index == 0 {
            self.add(end)
            for byte in name.utf8 {
                unsafe self.bytes[end] = CChar(bitPattern: byte)
                end += 1
            }
            unsafe self.bytes[end] = CChar(UInt8(ascii: ":"))
            unsafe self.bytes[end + 1] = 0
            end += 2
        }
        self.link()
    }

    /// The list's head, for as long as the handle uses it.
    func withList<Result>(_ body: (UnsafeMutablePointer<curl_slist>?) -> Result) -> Result {
        unsafe body(self.count == 0 ? nil : self.nodes.baseAddress)
    }

    /// Makes room, at the price of moving; only before the first line of a call.
    private func reserve(bytes: Int, nodes: Int) {
        if unsafe bytes > self.bytes.count {
            unsafe self.bytes.deallocate()
            unsafe self.bytes = .allocate(capacity: bytes * 2)
        }
        if unsafe nodes > self.nodes.count {
            unsafe self.nodes.deallocate()
            unsafe self.nodes = .allocate(capacity: nodes * 2)
        }
    }

    /// A line that starts there.
    private func add(_ start: Int) {
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
