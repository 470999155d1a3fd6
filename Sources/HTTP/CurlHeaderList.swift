import CCurl
import Glibc

/// The list of header lines of one easy handle, in memory that is kept: the bytes of each call are written over those of the one before.
///
/// libcurl only reads the list, and only until the transfer is done ("libcurl does not copy the list", CURLOPT_HTTPHEADER).
@safe
final class CurlHeaderList {
    private var nodes: UnsafeMutableBufferPointer<curl_slist>
    private var bytes: UnsafeMutableBufferPointer<CChar>
    private var count = 0
    /// Where each line of the last call has its name's colon and its end; empty if one of them was sent without a value.
    private var places: [(colon: Int, end: Int)] = []
    private var hadShortBody = false

    /// What libcurl would add by itself and nobody asked for: a name with nothing after its colon takes it out.
    private static let unwanted = ["Accept", "Expect", "Content-Type"].map { Array($0.utf8) }

    private static let expect = 1

    init() {
        unsafe self.nodes = .allocate(capacity: 24)
        unsafe self.bytes = .allocate(capacity: 2048)
    }

    deinit {
        unsafe self.nodes.deallocate()
        unsafe self.bytes.deallocate()
    }

    /// Writes these fields; valid until the next `fill`. `bodyCount` is the length of the request's body.
    func fill(_ headers: HTTPHeaders, bodyCount: Int) {
        let hasShortBody = bodyCount < 1024
        if hasShortBody == self.hadShortBody, self.rewrite(headers) { return }
        self.hadShortBody = hasShortBody
        self.places.removeAll(keepingCapacity: true)
        var isPlain = true
        self.count = 0
        let unwanted = Self.unwanted
        let end = headers.lines.count
        self.reserve(bytes: end + 64, nodes: headers.count + unwanted.count)
        unsafe headers.lines.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(self.bytes).copyMemory(from: $0) }
        // libcurl expects nothing for short bodies (1 KB in older versions, 1 MB in newer ones).
        var given = hasShortBody ? 1 << Self.expect : 0
        var start = 0
        while start < end {
            let line = unsafe UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: self.bytes[start..<end]))
            // Each line of `HTTPHeaders` ends in a zero byte.
            let length = unsafe line.firstPosition(of: 0) ?? line.count
            self.add(start)
            for index in 0..<unwanted.count {
                if unsafe unwanted[index].withUnsafeBufferPointer({ unsafe HTTPHeaders.isNamed(line, $0) }) { given |= 1 << index }
            }
            if self.sendWithoutValue(start, length) { isPlain = false }
            let colon = unsafe line.firstPosition(of: UInt8(ascii: ":")) ?? 0
            self.places.append((start + colon, start + length))
            start += length + 1
        }
        if !isPlain { self.places.removeAll(keepingCapacity: true) }
        for index in 0..<unwanted.count where given & 1 << index == 0 { start = self.add(without: unwanted[index], at: start) }
        self.link()
    }

    /// The common case: the same fields as in the last call, with values of the same lengths. Their bytes are all that changes.
    private func rewrite(_ headers: HTTPHeaders) -> Bool {
        guard !self.places.isEmpty, headers.count == self.places.count, headers.lines.count == self.places[self.places.count - 1].end + 1
        else { return false }
        return unsafe headers.lines.withUnsafeBytes { lines in
            guard let new = lines.baseAddress, let old = unsafe self.bytes.baseAddress else { return false }
            var start = 0
            for (colon, end) in self.places {
                // No line has a zero byte but at its end: as many lines with the same ends are lines with the same beginnings.
                guard unsafe lines[end] == 0, unsafe lines[end - 1] > 0x20, unsafe memcmp(old + start, new + start, colon + 1 - start) == 0
                else { return false }
                start = end + 1
            }
            unsafe UnsafeMutableRawBufferPointer(self.bytes).copyMemory(from: lines)
            return true
        }
    }

    /// A colon with nothing after it would take the field out; a semicolon sends it without a value (CURLOPT_HTTPHEADER).
    private func sendWithoutValue(_ start: Int, _ length: Int) -> Bool {
        var end = start + length
        while end > start, unsafe self.bytes[end - 1] == 0x20 || self.bytes[end - 1] == 0x09 { end -= 1 }
        guard end > start, unsafe self.bytes[end - 1] == CChar(UInt8(ascii: ":")) else { return false }
        // The colon that ends a value is not the name's.
        for index in start..<end - 1 where unsafe self.bytes[index] == CChar(UInt8(ascii: ":")) { return false }
        unsafe self.bytes[end - 1] = CChar(UInt8(ascii: ";"))
        unsafe self.bytes[end] = 0
        return true
    }

    private func add(_ start: Int) {
        unsafe self.nodes[self.count] = curl_slist(data: self.bytes.baseAddress.map { unsafe $0 + start }, next: nil)
        self.count += 1
    }

    private func add(without name: [UInt8], at start: Int) -> Int {
        self.add(start)
        var end = start
        for byte in name + [UInt8(ascii: ":"), 0] {
            unsafe self.bytes[end] = CChar(bitPattern: byte)
            end += 1
        }
        return end
    }

    /// The list's head, nil for an empty list; it moves when a longer list than ever is filled in.
    var head: UnsafeMutablePointer<curl_slist>? {
        unsafe self.count == 0 ? nil : self.nodes.baseAddress
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

    private func link() {
        guard self.count > 1 else { return }
        for index in 0..<self.count - 1 {
            unsafe self.nodes[index].next = self.nodes.baseAddress.map { unsafe $0 + index + 1 }
        }
    }
}
