/// The commands whose replies are owed by the server, oldest first, in a ring that grows and is kept.
///
/// A caller may leave (cancelled, or past its deadline): its place stays, empty, and swallows the reply.
///
/// A class with memory of its own, like all that commands pass through: the compiler proves that its fields are touched by one at a time. A struct or
/// an array inside another class costs a check at run time for each access, 80 instructions.
@safe
final class CommandQueue<Caller> {
    struct Entry {
        var deadline: Duration
        /// The count of bytes of the connection's output after this command: sent entirely once that many bytes have left.
        var endOffset: UInt64
        /// `nil` once the caller has left.
        var caller: Caller?
    }

    private var memory: UnsafeMutablePointer<Entry>
    /// A power of two.
    private var capacity: Int
    private var head = 0
    private(set) var count = 0

    init(capacity: Int = 64) {
        self.capacity = capacity
        unsafe self.memory = .allocate(capacity: capacity)
    }

    deinit {
        while self.popFirst() != nil {}
        unsafe self.memory.deallocate()
    }

    var isEmpty: Bool { self.count == 0 }

    /// The deadline of the oldest command, whether or not somebody still waits for it.
    var oldestDeadline: Duration? { self.isEmpty ? nil : unsafe self.memory[self.head].deadline }

    @inline(__always)
    func append(_ entry: consuming Entry) {
        if self.count == self.capacity { self.grow() }
        // The place is within the ring, and free: count < capacity.
        unsafe (self.memory + self.position(self.count)).initialize(to: entry)
        self.count += 1
    }

    /// Takes the oldest command out; the reply that arrived is its.
    @inline(__always)
    func popFirst() -> Entry? {
        guard self.count > 0 else { return nil }
        let entry = unsafe (self.memory + self.head).move()
        self.head = self.position(1)
        self.count -= 1
        return entry
    }

    /// Shows every caller who still waits, oldest first, to `look`, which may change it, or take it away. It must not come back here.
    func forEachCaller(_ look: (_ caller: inout Caller?, _ deadline: Duration) -> Void) {
        for index in 0..<self.count {
            let entry = unsafe self.memory + self.position(index)
            guard unsafe entry.pointee.caller != nil else { continue }
            unsafe look(&entry.pointee.caller, entry.pointee.deadline)
        }
    }

    @inline(__always)
    private func position(_ index: Int) -> Int {
        (self.head &+ index) & (self.capacity &- 1)
    }

    @inline(never)
    private func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: self.capacity * 2)
        for index in 0..<self.count { unsafe (larger + index).initialize(to: (self.memory + self.position(index)).move()) }
        unsafe self.memory.deallocate()
        unsafe self.memory = larger
        self.capacity *= 2
        self.head = 0
    }
}
