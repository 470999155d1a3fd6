/// A queue in a ring that grows and is kept. For one thread.
///
/// A class with memory of its own: a struct or an array inside another class costs a check of exclusive access at each use, 80 instructions, three
/// times for each command. Inlinable, because a generic that is called across modules is not specialised otherwise.
@safe
package final class Ring<Element> {
    @usableFromInline var memory: UnsafeMutablePointer<Element>
    /// A power of two.
    @usableFromInline var capacity: Int
    @usableFromInline var head = 0
    @usableFromInline var held = 0

    /// An empty ring. `capacity` is a power of two.
    @inlinable
    package init(capacity: Int = 64) {
        self.capacity = capacity
        unsafe self.memory = .allocate(capacity: capacity)
    }

    @inlinable
    deinit {
        while self.popFirst() != nil {}
        unsafe self.memory.deallocate()
    }

    /// How many wait.
    @inlinable package var count: Int { self.held }
    /// Whether none does.
    @inlinable package var isEmpty: Bool { self.held == 0 }

    /// Puts one at the end.
    @inlinable @inline(__always)
    package func append(_ element: consuming Element) {
        if self.held == self.capacity { self.grow() }
        // The place is within the ring, and free: held < capacity.
        unsafe (self.memory + self.position(self.held)).initialize(to: element)
        self.held += 1
    }

    /// Takes the oldest out.
    @inlinable @inline(__always)
    package func popFirst() -> Element? {
        guard self.held > 0 else { return nil }
        let element = unsafe (self.memory + self.head).move()
        self.head = self.position(1)
        self.held -= 1
        return element
    }

    /// Lends the one at `index`, counted from the oldest; `body` may change it, and must not come back here.
    @inlinable @inline(__always)
    package func withElement<Result>(at index: Int, _ body: (inout Element) -> Result) -> Result {
        precondition(index >= 0 && index < self.held, "there is no such element in the ring")
        return unsafe body(&self.memory[self.position(index)])
    }

    @inlinable @inline(__always)
    func position(_ index: Int) -> Int {
        (self.head &+ index) & (self.capacity &- 1)
    }

    @inlinable @inline(never)
    func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: self.capacity * 2)
        for index in 0..<self.held { unsafe (larger + index).initialize(to: (self.memory + self.position(index)).move()) }
        unsafe self.memory.deallocate()
        unsafe self.memory = larger
        self.capacity *= 2
        self.head = 0
    }
}
