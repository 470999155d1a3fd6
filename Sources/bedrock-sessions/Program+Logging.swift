import Logging

extension Program {
    /// Sends the log to standard error. What a command has to say it says in its error sentence, so it logs nothing that is less than critical; the
    /// server logs warnings. `LOG_LEVEL` (trace, debug, info, notice, warning, error, critical) overrides both.
    static func startLogging(isServer: Bool) {
        let level = Variables.value("LOG_LEVEL").flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? (isServer ? .warning : .critical)
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }
}
