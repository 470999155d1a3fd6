import EventLoop

/// The commands whose replies are owed by the server, oldest first.
///
/// A caller may leave (cancelled, or past its deadline): its place stays, empty, and swallows the reply.
final class CommandQueue<Caller> {
    struct Entry {
        var deadline: Duration
        /// The count of bytes of the connection's output after this command: sent entirely once that many bytes have left.
        var endOffset: UInt64
        /// `nil` once the caller has left.
        var caller: Caller?
    }

    private let ring = Ring<Entry>()

    var count: Int { self.ring.count }
    var isEmpty: Bool { self.ring.isEmpty }

    /// The deadline of the oldest command, whether or not somebody still waits for it.
    var oldestDeadline: Duration? { self.isEmpty ? nil : self.ring.withElement(at: 0) { $0.deadline } }

    /// Whether somebody still waits.
    var hasCallers: Bool {
        (0..<self.ring.count).contains { index in self.ring.withElement(at: index) { $0.caller != nil } }
    }

    @inline(__always)
    func append(_ entry: consuming Entry) {
        self.ring.append(entry)
    }

    /// Takes the oldest command out; the reply that arrived is its.
    @inline(__always)
    func popFirst() -> Entry? {
        self.ring.popFirst()
    }

    /// Shows every caller who still waits, oldest first, to `look`, which may change it, or take it away. It must not come back here.
    func forEachCaller(_ look: (_ caller: inout Caller?, _ deadline: Duration) -> Void) {
        for index in 0..<self.ring.count {
            self.ring.withElement(at: index) { entry in
                if entry.caller != nil { look(&entry.caller, entry.deadline) }
            }
        }
    }
}
