/// Jobs that may run now, oldest first, in a ring that grows and is kept. Loop only.
///
/// A class with memory of its own: an array in another class costs a check of exclusive access at each use, 80 instructions for each job.
@safe
final class JobQueue {
    private var memory: UnsafeMutablePointer<ReadyJob>
    /// A power of two.
    private var capacity: Int
    private var head = 0
    private(set) var count = 0

    init(capacity: Int = 64) {
        self.capacity = capacity
        unsafe self.memory = .allocate(capacity: capacity)
    }

    deinit {
        // Jobs are references that nobody counts.
        unsafe self.memory.deallocate()
    }

    var isEmpty: Bool { self.count == 0 }

    @inline(__always)
    func append(_ job: ReadyJob) {
        if self.count == self.capacity { self.grow() }
        // The place is within the ring, and free: count < capacity.
        unsafe (self.memory + self.position(self.count)).initialize(to: job)
        self.count += 1
    }

    /// Takes the oldest job out.
    @inline(__always)
    func popFirst() -> ReadyJob? {
        guard self.count > 0 else { return nil }
        let job = unsafe (self.memory + self.head).move()
        self.head = self.position(1)
        self.count -= 1
        return job
    }

    @inline(__always)
    private func position(_ index: Int) -> Int {
        (self.head &+ index) & (self.capacity &- 1)
    }

    @inline(never)
    private func grow() {
        let larger = UnsafeMutablePointer<ReadyJob>.allocate(capacity: self.capacity * 2)
        for index in 0..<self.count { unsafe (larger + index).initialize(to: (self.memory + self.position(index)).move()) }
        unsafe self.memory.deallocate()
        unsafe self.memory = larger
        self.capacity *= 2
        self.head = 0
    }
}
