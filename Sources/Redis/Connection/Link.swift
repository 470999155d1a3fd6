internal import EventLoop

/// One physical connection: its transport, its parser and its greeting.
final class Link {
    let transport: any Transport
    let decoder: ReplyDecoder
    /// Until the greeting is over.
    var handshake: Handshake? {
        didSet { self.isGreeted = self.handshake == nil }
    }
    /// The greeting is over: replies are those to commands.
    private(set) var isGreeted = false
    /// A command was answered.
    var isProven = false
    /// Which server this is (`ServerIdentity`); 0 until the greeting is over, and where the server does not tell.
    var epoch: UInt64 = 0
    /// What it told of itself.
    var identity = ServerIdentity()
    /// When it was last asked for that.
    var lastCheck: Duration
    /// When bytes last arrived, by the loop's clock.
    var lastArrival: Duration
    /// How much to read at a time.
    var share = ReadShare()
    /// The socket's buffer is full; writing goes on when it is writable again.
    var writeBlocked = false
    /// Bytes of commands written so far.
    var sentBytes: UInt64 = 0

    init(transport: any Transport, decoder: ReplyDecoder, handshake: Handshake, now: Duration) {
        self.transport = transport
        self.decoder = decoder
        self.handshake = handshake
        self.lastArrival = now
        self.lastCheck = now
    }
}
