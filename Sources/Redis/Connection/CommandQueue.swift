/// The commands whose replies are owed by the server, oldest first, in a ring that grows and is kept.
///
/// A caller may leave (cancelled, or past its deadline): its place stays, empty, and swallows the reply. Tickets rise from front to back.
struct CommandQueue<Caller> {
    struct Entry {
        var ticket: UInt64
        var deadline: Duration
        /// The count of bytes of the connection's output after this command: sent entirely once that many bytes have left.
        var endOffset: UInt64
        /// `nil` once the caller has left.
        var caller: Caller?
    }

    private var ring: ContiguousArray<Entry?>
    private var head = 0
    private(set) var count = 0

    init() {
        self.ring = ContiguousArray(repeating: nil, count: 64)
    }

    var isEmpty: Bool { self.count == 0 }

    /// The deadline of the oldest command, whether or not somebody still waits for it.
    var oldestDeadline: Duration? { self.isEmpty ? nil : self.ring[self.head]?.deadline }

    @inline(__always)
    mutating func append(_ entry: Entry) {
        if self.count == self.ring.count { self.grow() }
        self.ring[self.position(self.count)] = entry
        self.count += 1
    }

    /// Takes the oldest command out; the reply that arrived is its.
    @inline(__always)
    mutating func popFirst() -> Entry? {
        guard self.count > 0 else { return nil }
        let entry = self.ring[self.head]
        self.head = self.position(1)
        self.count -= 1
        return entry
    }

    /// Takes the caller with this ticket away from its place. `nil` if it has left already, or its reply came.
    mutating func leave(ticket: UInt64) -> Caller? {
        var low = 0
        var high = self.count
        while low < high {
            let middle = (low + high) / 2
            if let entry = self.ring[self.position(middle)], entry.ticket < ticket { low = middle + 1 } else { high = middle }
        }
        guard low < self.count, self.ring[self.position(low)]?.ticket == ticket else { return nil }
        return self.ring[self.position(low)]?.caller.take()
    }

    /// Takes away the callers whose deadline has come, and answers the earliest deadline of those that stay.
    mutating func expire(now: Duration, _ expired: (Entry) -> Void) -> Duration? {
        var earliest: Duration?
        for index in 0..<self.count {
            let position = self.position(index)
            guard let entry = self.ring[position], entry.caller != nil else { continue }
            if entry.deadline <= now {
                self.ring[position]?.caller = nil
                expired(entry)
            } else {
                earliest = min(earliest ?? entry.deadline, entry.deadline)
            }
        }
        return earliest
    }

    /// Empties the queue, oldest first.
    mutating func removeAll(_ removed: (Entry) -> Void) {
        while let entry = self.popFirst() { removed(entry) }
        self.head = 0
    }

    @inline(__always)
    private func position(_ index: Int) -> Int {
        (self.head &+ index) & (self.ring.count &- 1)
    }

    @inline(never)
    private mutating func grow() {
        var larger = ContiguousArray<Entry?>(repeating: nil, count: self.ring.count * 2)
        for index in 0..<self.count { larger[index] = self.ring[self.position(index)] }
        self.ring = larger
        self.head = 0
    }
}
