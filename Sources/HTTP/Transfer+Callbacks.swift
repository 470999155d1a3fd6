import CCurl

/// What libcurl calls while a transfer runs: recover the object, keep the bytes, return.
extension Transfer {
    static let bodyReceived: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        bytes, size, count, owner in
        guard let bytes = unsafe bytes, let transfer = unsafe Transfer.recover(owner) else { return 0 }
        let length = size * count
        return unsafe transfer.body(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
    }

    static let headerReceived: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        bytes, size, count, owner in
        guard let bytes = unsafe bytes, let transfer = unsafe Transfer.recover(owner) else { return 0 }
        let length = size * count
        return unsafe transfer.header(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
    }

    /// A connection is there and the request is about to be written. libcurl comes here again when it found a kept connection dead after writing to
    /// it and starts over by itself on another one: that is where a request would be sent twice.
    static let requestStarts:
        @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?, CInt, CInt) -> CInt = {
            owner, _, _, _, _ in
            guard let transfer = unsafe Transfer.recover(owner) else { return CInt(CURL_PREREQFUNC_ABORT) }
            return CInt(transfer.mayStart() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT)
        }

    /// The object behind a handle's pointer. The transport keeps it alive for as long as the handle exists.
    static func recover(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
    }

    private func mayStart() -> Bool {
        self.starts += 1
        if self.starts > 1, self.ticket?.call.isRepeatable != true, self.wasSent {
            self.wasNotRepeated = true
            return false
        }
        return true
    }

    private func body(_ bytes: UnsafeRawBufferPointer) -> Bool {
        self.bodyHasBegun = true
        guard self.answer.count + bytes.count <= self.limits.answerBytes else {
            self.isTooLarge = true
            return false
        }
        // Not as raw bytes: an array takes those one by one.
        unsafe self.answer.append(contentsOf: bytes.assumingMemoryBound(to: UInt8.self))
        return true
    }

    /// `HTTP/`: a field's name has no slash.
    private static func isStatusLine(_ line: UnsafeRawBufferPointer) -> Bool {
        unsafe line.count >= 5 && line[4] == UInt8(ascii: "/") && line[0] == UInt8(ascii: "H") && line[1] == UInt8(ascii: "T")
            && line[2] == UInt8(ascii: "T") && line[3] == UInt8(ascii: "P")
    }

    /// One line with its end. A status line starts a head: that of an interim answer is forgotten when the next one comes.
    private func header(_ line: UnsafeRawBufferPointer) -> Bool {
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
}
