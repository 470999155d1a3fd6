import Logging

/// How a Lambda's lines look, and which of them there are.
struct LogSettings: Hashable {
    /// One JSON object a line, as Lambda's log format `JSON` wants it.
    var isJSON = false
    /// The lowest level that is written.
    var level = Logger.Level.info

    /// `AWS_LAMBDA_LOG_FORMAT` and `AWS_LAMBDA_LOG_LEVEL`, which Lambda sets from the function's logging configuration; without the latter `LOG_LEVEL`, with
    /// swift-log's names. What is neither name counts as unset.
    init(_ environment: (String) -> String?) {
        self.isJSON = environment("AWS_LAMBDA_LOG_FORMAT")?.uppercased() == "JSON"
        self.level = environment("AWS_LAMBDA_LOG_LEVEL").flatMap(Self.level) ?? environment("LOG_LEVEL").flatMap(Self.level) ?? .info
    }

    private static func level(_ name: String) -> Logger.Level? {
        switch name.lowercased() {
        case "warn": .warning
        case "fatal": .critical
        case let name: Logger.Level(rawValue: name)
        }
    }
}
