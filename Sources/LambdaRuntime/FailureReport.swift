import HTTP
import JSON

/// An error as the runtime API wants it. Whatever the texts hold, this is valid JSON.
struct FailureReport {
    var type: String
    var message: String

    /// What a handler threw.
    init(_ error: any Error) {
        self.type = String(describing: Swift.type(of: error))
        self.message = String(describing: error)
    }

    /// An error of that type.
    init(type: String, message: String) {
        self.type = type
        self.message = message
    }

    /// A handler that has not answered by the end of its invocation.
    static let late = FailureReport(
        type: "HandlerTimeout", message: "the function did not answer in time: give it a longer timeout, or its handler less to do")

    var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("errorMessage")
        writer.string(self.message)
        writer.key("errorType")
        writer.string(self.type)
        writer.key("stackTrace")
        writer.beginArray()
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    var headers: HTTPHeaders {
        // A header holds one line of ASCII; a type's name may hold more than that.
        let word = String(decoding: self.type.utf8.filter { (0x21...0x7E).contains($0) }.prefix(128), as: UTF8.self)
        return HTTPHeaders([
            ("Content-Type", "application/vnd.aws.lambda.error+json"),
            ("Lambda-Runtime-Function-Error-Type", word.isEmpty ? "Error" : word),
        ])
    }
}
