import Locked

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The environment variable by which libraries find the trace of the current invocation.
///
/// `setenv` keeps every value it was ever given, since somebody may still read it: a process that lives for a million invocations would keep a million trace
/// ids. Here the values have places of their own, used in turn, so that one that was read stays whole while a few more invocations come.
enum TraceEnvironment {
    private static let name = "_X_AMZN_TRACE_ID"
    /// X-Ray's header has about 80 characters, with its lineage some more.
    private static let size = 1024

    private struct Places {
        let all: [UnsafeMutablePointer<CChar>]
        var next = 0
    }

    // Never freed: the table of variables points there.
    private static let places = Locked(Places(all: (0..<8).map { _ in .allocate(capacity: Self.size) }))

    /// Sets it, or empties it for an invocation without a trace, or with one that is too long to be any.
    ///
    /// The variable is never removed: replacing a value leaves the C library's table of variables in place for whoever reads it meanwhile.
    static func set(_ traceID: String?) {
        var text = "\(self.name)=\(traceID ?? "")"
        if text.utf8.count >= self.size { text = "\(self.name)=" }
        self.places.withLock { places in
            let place = places.all[places.next]
            places.next = (places.next + 1) % places.all.count
            text.withUTF8 { UnsafeMutableRawBufferPointer(start: place, count: Self.size).copyMemory(from: UnsafeRawBufferPointer($0)) }
            place[text.utf8.count] = 0
            putenv(place)
        }
    }
}
