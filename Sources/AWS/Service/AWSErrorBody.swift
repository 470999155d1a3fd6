import HTTP
import JSON

/// Code and message of an error answer of the JSON protocols: `{"__type": "namespace#Code", "message": "..."}` (Smithy, "AWS JSON 1.0 protocol",
/// operation error serialization). Services differ in the message's first letter, and some name the code in a header. Those of the query protocol
/// (STS) answer with XML.
struct AWSErrorBody: Hashable {
    /// Empty if the answer names none.
    var code = ""
    /// The first line, at most 300 characters: what follows in some answers quotes the request's headers.
    var message = ""

    init(_ answer: HTTPAnswer) {
        if let document = try? JSONDocument(parsing: answer.body) {
            (self.code, self.message) = document.withRoot { root in
                let type = root["__type"]?.string ?? root["code"]?.string ?? ""
                return (type, root["message"]?.string ?? root["Message"]?.string ?? "")
            }
        }
        if answer.body.first == UInt8(ascii: "<") {
            let xml = String(decoding: answer.body.prefix(16_384), as: UTF8.self)
            self.code = XMLText.element("Code", in: xml) ?? ""
            self.message = XMLText.element("Message", in: xml) ?? ""
        }
        if self.code.isEmpty { self.code = answer.headers["x-amzn-errortype"] ?? "" }
        self.code = Self.shortCode(self.code)
        self.message = Self.firstLine(self.message)
    }

    /// Without the namespace before `#` and the address after `:`. Only a name's characters, since it goes into logs and metrics.
    private static func shortCode(_ text: String) -> String {
        let name = text.split(separator: "#").last ?? ""
        let code = name.prefix { $0 != ":" }
        guard code.utf8.count <= 100, code.utf8.allSatisfy({ Self.isNameByte($0) }) else { return "" }
        return String(code)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte)
    }

    private static func firstLine(_ text: String) -> String {
        let line = text.unicodeScalars.prefix { $0.value >= 0x20 && $0.value != 0x7f }
        return String(String(line).prefix(300))
    }
}
