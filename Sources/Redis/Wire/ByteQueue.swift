internal import Glibc

/// Bytes on their way to a socket: appended at the end, taken from the front, in one piece of memory that is kept for reuse.
@safe
final class ByteQueue {
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private var head = 0
    private var tail = 0

    /// Memory beyond this is given back once the queue is empty, so that one burst does not hold it for ever.
    private static let keptCapacity = 256 << 10

    init(capacity: Int = 16 << 10) {
        self.capacity = capacity
        unsafe self.memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        unsafe self.memory.deallocate()
    }

    var count: Int { self.tail - self.head }
    var isEmpty: Bool { self.tail == self.head }

    /// Makes room for `count` more bytes.
    @inline(__always)
    func reserve(_ count: Int) {
        if self.capacity - self.tail < count { self.makeRoom(for: count) }
    }

    /// Appends bytes; room is made if there is none.
    @inline(__always)
    func append(_ bytes: [UInt8]) {
        self.reserve(bytes.count)
        // `reserve` has seen to it that tail + count <= capacity.
        unsafe bytes.withUnsafeBytes { source in
            guard let address = source.baseAddress else { return }
            unsafe memcpy(self.memory + self.tail, address, source.count)
        }
        self.tail += bytes.count
    }

    /// Appends a copy of borrowed bytes.
    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let address = bytes.baseAddress else { return }
        self.reserve(bytes.count)
        // As above.
        unsafe memcpy(self.memory + self.tail, address, bytes.count)
        self.tail += bytes.count
    }

    /// Appends a text's UTF-8.
    @inline(__always)
    func append(utf8 text: String) {
        unsafe text.utf8Span.span.withUnsafeBytes { unsafe self.append($0) }
    }

    /// Appends a literal of ASCII characters.
    @inline(__always)
    func append(_ literal: StaticString) {
        self.reserve(literal.utf8CodeUnitCount)
        // A literal longer than one scalar has a pointer representation (StaticString's documentation); `reserve` as above.
        unsafe memcpy(self.memory + self.tail, literal.utf8Start, literal.utf8CodeUnitCount)
        self.tail += literal.utf8CodeUnitCount
    }

    /// Appends a number that is not negative in decimal digits.
    @inline(__always)
    func append(decimal number: Int) {
        self.reserve(20)
        let digits = Self.digitCount(of: number)
        var rest = number
        var position = self.tail + digits
        repeat {
            position -= 1
            unsafe self.memory.storeBytes(
                of: UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0"), toByteOffset: position, as: UInt8.self)
            rest /= 10
        } while rest > 0
        self.tail += digits
    }

    /// Lends the bytes to `body`, which answers how many of them to drop from the front.
    func drain(_ body: (UnsafeRawBufferPointer) -> Int) {
        let taken = unsafe body(UnsafeRawBufferPointer(start: self.memory + self.head, count: self.count))
        self.head += min(max(taken, 0), self.count)
        if self.isEmpty { self.removeAll() }
    }

    func removeAll() {
        self.head = 0
        self.tail = 0
        guard self.capacity > Self.keptCapacity else { return }
        unsafe self.memory.deallocate()
        self.capacity = Self.keptCapacity
        unsafe self.memory = .allocate(byteCount: self.capacity, alignment: 16)
    }

    /// A copy of what waits.
    var bytes: [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: self.memory + self.head, count: self.count))
    }

    @inline(never)
    private func makeRoom(for count: Int) {
        let waiting = self.count
        if waiting + count <= self.capacity {
            unsafe memmove(self.memory, self.memory + self.head, waiting)
        } else {
            let capacity = max(self.capacity * 2, waiting + count)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
            unsafe memcpy(larger, self.memory + self.head, waiting)
            unsafe self.memory.deallocate()
            unsafe self.memory = larger
            self.capacity = capacity
        }
        self.head = 0
        self.tail = waiting
    }

    @inline(__always)
    private static func digitCount(of number: Int) -> Int {
        if number < 10 { return 1 }
        if number < 100 { return 2 }
        if number < 1000 { return 3 }
        var digits = 4
        var rest = number / 10_000
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }
}
