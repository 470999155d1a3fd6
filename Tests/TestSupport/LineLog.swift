package import Logging

/// Keeps the lines of a log.
package struct LineLog: LogHandler {
    package let lines: Observed<[String]>
    package var metadata: Logger.Metadata = [:]
    package var logLevel = Logger.Level.trace

    /// A log that adds its lines to these.
    package init(lines: Observed<[String]>, logLevel: Logger.Level = .trace) {
        self.lines = lines
        self.logLevel = logLevel
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        self.lines.change { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
