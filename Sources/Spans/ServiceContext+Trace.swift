package import Tracing

extension ServiceContext {
    private enum TraceKey: ServiceContextKey {
        typealias Value = TraceContext
        static let nameOverride: String? = "bedrock-sessions-trace"
    }

    /// The span that what happens now is part of, where this program reads and writes the headers of traces itself.
    package var trace: TraceContext? {
        get { self[TraceKey.self] }
        set { self[TraceKey.self] = newValue }
    }

    /// Takes the caller's span from headers: the W3C's, or X-Ray's where there is none that can be read.
    package mutating func extractTrace<Carrier, Extract: Extractor>(
        from carrier: Carrier, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        let own = extractor.extract(key: TraceHeader.standardName, from: carrier).flatMap { TraceContext(traceparent: $0) }
        let other = own == nil ? extractor.extract(key: TraceHeader.name, from: carrier) : nil
        self.trace = own ?? other.flatMap { TraceHeader($0).traceparent }.flatMap { TraceContext(traceparent: $0) } ?? self.trace
    }
}
