import COpenSSL

/// Memory that a workbench writes each message's key and additional data to.
@safe struct Scratch: ~Copyable {
    /// Bytes of additional data that find room: those of an entry do. What is longer is authenticated part by part.
    static let additionalSize = 1024

    // Owned by this value, wiped and freed in deinit. The key stands in front.
    private let start: UnsafeMutablePointer<UInt8>

    /// Room for the key of one message.
    var key: UnsafeMutablePointer<UInt8> { unsafe self.start }
    /// Room for what is authenticated and not encrypted.
    var additional: UnsafeMutablePointer<UInt8> { unsafe self.start + KeySchedule.derivedSize }

    init() {
        let count = KeySchedule.derivedSize + Self.additionalSize
        unsafe self.start = .allocate(capacity: count)
        unsafe self.start.initialize(repeating: 0, count: count)
    }

    deinit {
        self.wipeKey()
        unsafe self.start.deallocate()
    }

    /// Overwrites the key.
    func wipeKey() {
        unsafe OPENSSL_cleanse(self.start, KeySchedule.derivedSize)
    }
}
