#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The environment variable by which libraries find the trace of the current invocation.
enum TraceEnvironment {
    private static let name = "_X_AMZN_TRACE_ID"

    /// Sets it, or empties it for an invocation without a trace.
    ///
    /// The variable is never removed: replacing a value leaves the C library's table of variables in place for whoever reads it meanwhile.
    static func set(_ traceID: String?) {
        setenv(Self.name, traceID ?? "", 1)
    }
}
