/// What has come of an answer so far. Bytes in, nothing of libcurl.
struct ReceivedAnswer {
    private let limits: Transfer.Limits
    private var headers = HTTPHeaders()
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var bodyHasBegun = false
    /// As many as the last answer's: the next one's buffer is made in one piece.
    private var usualHeaderBytes = 512
    /// The empty line came.
    private(set) var headIsComplete = false
    private(set) var isTooLarge = false
    /// The body has a content coding, which nobody asked for.
    private(set) var isCompressed = false

    init(_ limits: Transfer.Limits) {
        self.limits = limits
    }

    /// Forgets the answer.
    mutating func reset() {
        self.headers.removeAll()
        self.headerBytes = 0
        self.body = []
        self.bodyHasBegun = false
        self.headIsComplete = false
        self.isTooLarge = false
        self.isCompressed = false
    }

    /// Hands the answer out, whole: it must be the only owner of its buffers when it changes them.
    mutating func take(status: Int) -> HTTPAnswer {
        let answer = HTTPAnswer(status: status, headers: self.headers, body: self.body)
        self.usualHeaderBytes = self.headers.lines.count
        self.headers = HTTPHeaders()
        self.body = []
        return answer
    }

    /// A part of the body; false ends the transfer.
    mutating func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> Bool {
        self.bodyHasBegun = true
        guard self.body.count + bytes.count <= self.limits.answerBytes else {
            self.isTooLarge = true
            return false
        }
        // Not as raw bytes: an array takes those one by one.
        unsafe self.body.append(contentsOf: bytes.assumingMemoryBound(to: UInt8.self))
        return true
    }

    /// One line of the head with its end; false ends the transfer. A status line starts a head: that of an interim answer is forgotten when the next one
    /// comes.
    mutating func lineReceived(_ line: UnsafeRawBufferPointer) -> Bool {
        self.headerBytes += line.count
        guard self.headerBytes <= self.limits.headerBytes else {
            self.isTooLarge = true
            return false
        }
        // Fields after the body are a chunked answer's trailer: nobody here asked for one.
        if self.bodyHasBegun { return true }
        if unsafe Self.isStatusLine(line) {
            self.headers.removeAll()
            self.headers.reserve(self.usualHeaderBytes)
            self.headIsComplete = false
            self.isCompressed = false
            return true
        }
        var end = line.count
        while end > 0, unsafe line[end - 1] == 0x0d || line[end - 1] == 0x0a { end -= 1 }
        if end == 0 { self.headIsComplete = true }
        // `Content-Encoding`: told by two bytes in most lines that are another field.
        if end > 16, unsafe line[0] | 0x20 == UInt8(ascii: "c") && line[16] == UInt8(ascii: ":") {
            self.isCompressed = unsafe HTTPHeaders.namesCoding(UnsafeRawBufferPointer(rebasing: line[..<end]))
            // Not read to its end: it may unfold to any size.
            if self.isCompressed { return false }
        }
        unsafe self.headers.append(received: UnsafeRawBufferPointer(rebasing: line[..<end]))
        return true
    }

    /// `HTTP/`: a field's name has no slash.
    private static func isStatusLine(_ line: UnsafeRawBufferPointer) -> Bool {
        unsafe line.count >= 5 && line[4] == UInt8(ascii: "/") && line[0] == UInt8(ascii: "H") && line[1] == UInt8(ascii: "T")
            && line[2] == UInt8(ascii: "T") && line[3] == UInt8(ascii: "P")
    }
}
