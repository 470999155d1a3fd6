/// The commands whose replies are owed by the server, oldest first, in a ring that grows and is kept.
///
/// A caller may leave (cancelled, or past its deadline): its place stays, empty, and swallows the reply.
///
/// A class, like all that commands pass through: the compiler proves that nobody else touches its fields meanwhile, and leaves out the checks
/// at run time that a struct inside another class needs.
final class CommandQueue<Caller> {
    struct Entry {
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
    func append(_ entry: Entry) {
        if self.count == self.ring.count { self.grow() }
        self.ring[self.position(self.count)] = entry
        self.count += 1
    }

    /// Takes the oldest command out; the reply that arrived is its.
    @inline(__always)
    func popFirst() -> Entry? {
        guard self.count > 0 else { return nil }
        let entry = self.ring[self.head].take()
        self.head = self.position(1)
        self.count -= 1
        return entry
    }

    /// Shows every caller who still waits, oldest first, to `look`, which may change it, or take it away. It must not come back here.
    func forEachCaller(_ look: (_ caller: inout Caller?, _ deadline: Duration) -> Void) {
        for index in 0..<self.count {
            let position = self.position(index)
            guard let entry = self.ring[position], entry.caller != nil else { continue }
            var caller = entry.caller
            look(&caller, entry.deadline)
            self.ring[position]?.caller = caller
        }
    }

    @inline(__always)
    private func position(_ index: Int) -> Int {
        (self.head &+ index) & (self.ring.count &- 1)
    }

    @inline(never)
    private func grow() {
        var larger = ContiguousArray<Entry?>(repeating: nil, count: self.ring.count * 2)
        for index in 0..<self.count { larger[index] = self.ring[self.position(index)] }
        self.ring = larger
        self.head = 0
    }
}
