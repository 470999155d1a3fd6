import COpenSSL

/// Where a `NonceBuffer` has its bytes from.
@safe struct NonceSource: Sendable {
    /// Writes that many bytes; false when there are none.
    let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Bool

    init(_ fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Bool) {
        unsafe self.fill = fill
    }

    /// OpenSSL's public generator: nonces are sent in the open.
    static let system = unsafe NonceSource { room in
        unsafe RAND_bytes(room.baseAddress?.assumingMemoryBound(to: UInt8.self), CInt(room.count)) == 1
    }

    /// These bytes again and again: for known answers only.
    static func fixed(_ bytes: [UInt8]) -> NonceSource {
        unsafe NonceSource { room in
            for index in room.indices { unsafe room[index] = bytes[index % bytes.count] }
            return true
        }
    }
}
