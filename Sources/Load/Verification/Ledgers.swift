import Glibc

/// The ledgers of all sessions of a run, in memory that its processes share: so what one process has written is known when another one reads.
///
/// An operation looks before it begins and after it has ended, so what a look sees was acknowledged before, by the clock on the wall of one machine.
package final class Ledgers: @unchecked Sendable {
    // Sendable: each ledger is reached under the mutex of its stripe.
    private let memory: UnsafeMutableRawPointer
    private let size: Int
    private let count: Int
    /// The memory's file, for processes that are to share it; nil: it is this process's alone.
    package let descriptor: CInt?

    private static let stripes = 1024
    private static var head: Int { Self.stripes * MemoryLayout<pthread_mutex_t>.stride }

    /// Why there are none.
    package struct Failure: Error, Hashable {
        package var message: String
    }

    /// Empty ledgers for so many sessions.
    package convenience init(count: Int, isShared: Bool = false) throws(Failure) {
        try self.init(descriptor: isShared ? try Self.memoryFile(Self.size(count)) : nil, count: count)
        self.prepare()
    }

    /// The ledgers that another process has made, in the file that it has left open here.
    package convenience init(shared descriptor: CInt, count: Int) throws(Failure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size == off_t(Self.size(count)) else { throw Self.noMemory }
        try self.init(descriptor: descriptor, count: count)
    }

    private init(descriptor: CInt?, count: Int) throws(Failure) {
        self.descriptor = descriptor
        self.count = count
        self.size = Self.size(count)
        let kind = descriptor == nil ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED
        guard let memory = mmap(nil, self.size, PROT_READ | PROT_WRITE, kind, descriptor ?? -1, 0), memory != MAP_FAILED else {
            throw Self.noMemory
        }
        self.memory = memory
    }

    /// A file without a name in the system's memory. Its pages are there: a full memory is told here, and not by a signal later.
    private static func memoryFile(_ size: Int) throws(Failure) -> CInt {
        let name = "/load-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw Self.noMemory }
        shm_unlink(name)
        guard posix_fallocate(descriptor, 0, off_t(size)) == 0 else {
            Glibc.close(descriptor)
            throw Self.noMemory
        }
        return descriptor
    }

    deinit {
        munmap(self.memory, self.size)
        if let descriptor { Glibc.close(descriptor) }
    }

    private static var noMemory: Failure {
        Failure(message: "there is no memory for what is known of the sessions: ask for fewer with --sessions")
    }

    private static func size(_ count: Int) -> Int {
        Self.head + count * MemoryLayout<Ledger>.stride
    }

    /// Zeroed pages are no mutexes, nor are they ledgers before they are said to be.
    private func prepare() {
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_setpshared(&attributes, CInt(PTHREAD_PROCESS_SHARED))
        // A process that is killed at a bad moment must not stop the others.
        pthread_mutexattr_setrobust(&attributes, CInt(PTHREAD_MUTEX_ROBUST))
        for stripe in 0..<Self.stripes { pthread_mutex_init(self.mutex(stripe), &attributes) }
        pthread_mutexattr_destroy(&attributes)
        self.ledgers.initialize(repeating: Ledger(), count: self.count)
    }

    private func mutex(_ stripe: Int) -> UnsafeMutablePointer<pthread_mutex_t> {
        self.memory.assumingMemoryBound(to: pthread_mutex_t.self) + stripe
    }

    private var ledgers: UnsafeMutablePointer<Ledger> {
        (self.memory + Self.head).assumingMemoryBound(to: Ledger.self)
    }

    /// Lends the ledger of a session.
    package func with<Result>(_ session: Int, _ body: (inout Ledger) -> Result) -> Result {
        precondition((0..<self.count).contains(session), "a session of another load")
        let mutex = self.mutex(session % Self.stripes)
        if pthread_mutex_lock(mutex) == EOWNERDEAD { pthread_mutex_consistent(mutex) }
        defer { pthread_mutex_unlock(mutex) }
        return body(&self.ledgers[session])
    }
}
