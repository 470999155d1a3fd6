/// A queue in a ring that grows and is kept. For one thread.
///
/// A class with memory of its own: a struct or an array inside another class costs a check of exclusive access at each use, 80 instructions, three
/// times for each command. Usable from inline, members inlinable: a generic that is called across modules is not specialised otherwise.
///
/// Its fields are not checked either: each use of one is a load or a store, during which nothing else can run.
@safe
@usableFromInline
package final class Ring<Element> {
    @exclusivity(unchecked)
    @usableFromInline var memory: UnsafeMutablePointer<Element>
    /// A power of two.
    @exclusivity(unchecked)
    @usableFromInline var capacity: Int
    @exclusivity(unchecked)
    @usableFromInline var head = 0
    @exclusivity(unchecked)
    @usableFromInline var held = 0

    /// An empty ring. `capacity` is a power of two.
    @inlinable
    package init(capacity: Int = 64) {
        unsafe self.capacity = capacity
        unsafe self.memory = .allocate(capacity: capacity)
    }

    @inlinable
    deinit {
        while self.popFirst() != nil {}
        unsafe self.memory.deallocate()
    }

    /// How many wait.
    @inlinable package var count: Int { unsafe self.held }
    /// Whether none does.
    @inlinable package var isEmpty: Bool { unsafe self.held == 0 }

    /// Puts one at the end.
    @inlinable @inline(__always)
    package func append(_ element: consuming Element) {
        if unsafe self.held == self.capacity { self.grow() }
        // The place is within the ring, and free: held < capacity.
        unsafe (self.memory + self.position(self.held)).initialize(to: element)
        unsafe self.held += 1
    }

    /// Takes the oldest out.
    @inlinable @inline(__always)
    package func popFirst() -> Element? {
        guard unsafe self.held > 0 else { return nil }
        let element = unsafe (self.memory + self.head).move()
        unsafe self.head = self.position(1)
        unsafe self.held -= 1
        return element
    }

    /// Lends the one at `index`, counted from the oldest; `body` may change it, and must not come back here.
    @inlinable @inline(__always)
    package func withElement<Result>(at index: Int, _ body: (inout Element) -> Result) -> Result {
        precondition(unsafe index >= 0 && index < self.held, "there is no such element in the ring")
        return unsafe body(&self.memory[self.position(index)])
    }

    @inlinable @inline(__always)
    func position(_ index: Int) -> Int {
        unsafe (self.head &+ index) & (self.capacity &- 1)
    }

    @inlinable @inline(never)
    func grow() {
        let larger = unsafe UnsafeMutablePointer<Element>.allocate(capacity: self.capacity * 2)
        for index in unsafe 0..<self.held { unsafe (larger + index).initialize(to: (self.memory + self.position(index)).move()) }
        unsafe self.memory.deallocate()
        unsafe self.memory = larger
        unsafe self.capacity *= 2
        unsafe self.head = 0
    }
}
