/// How much of what the server sends is taken in one turn of the loop: about half of the replies that are owed.
///
/// Their callers run then, and their next commands leave while the server still works on the others. All of them at once, and client and server would take
/// turns: with 64 commands on their way half of the rate.
struct ReadShare {
    /// With fewer than this owed a second turn costs more than it gains.
    static let fewest = 32
    /// A buffer's worth.
    static let most = 64 << 10

    /// What a reply took lately.
    private var bytesPerReply = 0

    /// Bytes to read while so many replies are owed. While none has been seen, all there is room for.
    func bytes(owed: Int) -> Int {
        owed < Self.fewest || self.bytesPerReply == 0 ? Self.most : min(owed * self.bytesPerReply / 2, Self.most)
    }

    /// One read has brought these.
    mutating func arrived(bytes: Int, replies: Int) {
        if replies > 0 { self.bytesPerReply = bytes / replies }
    }
}
