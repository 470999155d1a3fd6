import Instrumentation
public import Logging

/// Writes what is logged to standard error, which Lambda collects: one line each, in Lambda's JSON where the function's log format is JSON.
///
/// A line carries the request id of the invocation in whose task it was written, whoever logs.
public struct LambdaLogHandler: LogHandler {
    /// The lowest level that is written.
    public var logLevel: Logger.Level
    /// What each line carries.
    public var metadata: Logger.Metadata = [:]
    /// What each line carries beyond that, asked when it is written.
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let settings: LogSettings
    private let sink: @Sendable ([UInt8]) -> Void

    /// A handler as the function is configured: `environment` answers with a variable's value.
    public init(label: String, environment: (String) -> String?) {
        self.init(label: label, settings: LogSettings(environment), sink: StandardError.write)
    }

    init(label: String, settings: LogSettings, sink: @escaping @Sendable ([UInt8]) -> Void) {
        self.label = label
        self.settings = settings
        self.logLevel = settings.level
        self.sink = sink
    }

    /// One value of what each line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    /// Writes a line.
    public func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        let service = ServiceContext.current
        // A logger that was handed on says it itself, also where no task does.
        let named = metadata.removeValue(forKey: LambdaContext.requestIDKey)?.description
        let line = LogLine(
            time: MonotonicClock.sinceEpoch, level: event.level, message: event.message.description, logger: self.label,
            requestID: named ?? service?.lambdaRequestID, traceID: service?.lambdaTraceID, metadata: metadata, error: event.error)
        self.sink(self.settings.isJSON ? line.json : line.text)
    }
}
