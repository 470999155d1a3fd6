/// One direction of a connection: what was read and not yet written. Pure: instants come from outside.
struct ProxyStream {
    /// Bytes, and the instant before which they are not forwarded.
    private struct Piece {
        var bytes: ArraySlice<UInt8>
        var due: Duration
    }

    private var queue: [Piece] = []
    private var queued = 0
    private var nextWrite = Duration.zero
    private var nextRead = Duration.zero
    /// Whether the side that is read from has ended its half.
    private(set) var hasEnded = false
    /// Whether that end was passed on.
    var endWasForwarded = false
    /// Whether bytes are taken and forgotten.
    var isSwallowing = false

    /// How many bytes to ask for now; 0 while it is not to be read from.
    func room(under fault: FaultProxy.Fault, at now: Duration) -> Int {
        if self.hasEnded { return 0 }
        guard case .slowRead(let most, _) = fault, !self.isSwallowing else { return max(0, 262_144 - self.queued) }
        return now < self.nextRead ? 0 : max(0, most - self.queued)
    }

    /// These came.
    mutating func read(_ bytes: [UInt8], under fault: FaultProxy.Fault, at now: Duration) {
        if bytes.isEmpty { self.hasEnded = true }
        guard !self.isSwallowing, !bytes.isEmpty else { return }
        var due = now
        if case .delay(let delay) = fault { due = now + delay }
        if case .slowRead(_, let pause) = fault { self.nextRead = now + pause }
        self.queue.append(Piece(bytes: bytes[...], due: due))
        self.queued += bytes.count
    }

    /// What may be written now, if anything.
    func writable(under fault: FaultProxy.Fault, at now: Duration) -> ArraySlice<UInt8>? {
        guard let first = self.queue.first, first.due <= now, self.nextWrite <= now else { return nil }
        if case .split(let most, _) = fault { return first.bytes.prefix(most) }
        return first.bytes
    }

    /// That many bytes were written.
    mutating func wrote(_ count: Int, under fault: FaultProxy.Fault, at now: Duration) {
        guard count > 0 else { return }
        self.queue[0].bytes = self.queue[0].bytes.dropFirst(count)
        if self.queue[0].bytes.isEmpty { self.queue.removeFirst() }
        self.queued -= count
        if case .split(_, let pause) = fault { self.nextWrite = now + pause }
    }

    /// Whether the end is to be passed on now: all before it has been written.
    var owesEnd: Bool { self.hasEnded && !self.endWasForwarded && self.queue.isEmpty }

    /// Forgets what waits, and all that comes. Returns how much that was.
    mutating func swallow() -> Int {
        defer { (self.queue, self.queued) = ([], 0) }
        self.isSwallowing = true
        return self.queued
    }

    /// What waits under a fault that is over goes at once.
    mutating func hurry() {
        for index in self.queue.indices { self.queue[index].due = .zero }
        (self.nextWrite, self.nextRead) = (.zero, .zero)
    }

    /// The next instant at which something changes without bytes or room.
    func nextInstant(after now: Duration) -> Duration? {
        var instants: [Duration] = []
        if let first = self.queue.first { instants.append(max(first.due, self.nextWrite)) }
        if !self.hasEnded { instants.append(self.nextRead) }
        return instants.filter { $0 > now }.min()
    }
}
