import CCurl

/// What libcurl calls while a transfer runs: recover the object, keep the bytes, return.
extension Transfer {
    static let bodyReceived: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        bytes, size, count, owner in
        guard let bytes = unsafe bytes, let received = unsafe owner?.assumingMemoryBound(to: ReceivedAnswer.self) else { return 0 }
        let length = size * count
        return unsafe received.pointee.bodyReceived(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
    }

    static let headerReceived: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        bytes, size, count, owner in
        guard let bytes = unsafe bytes, let received = unsafe owner?.assumingMemoryBound(to: ReceivedAnswer.self) else { return 0 }
        let length = size * count
        return unsafe received.pointee.lineReceived(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
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
}
