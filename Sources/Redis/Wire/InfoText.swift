/// The text that INFO answers with: `name:value` lines, and comments.
package enum InfoText {
    /// The properties by name.
    package static func properties(of text: [UInt8]) -> [String: String] {
        var properties: [String: String] = [:]
        for line in text.split(whereSeparator: { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) {
            guard line.first != UInt8(ascii: "#"), let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            properties[String(decoding: line[..<colon], as: UTF8.self)] = String(decoding: line[(colon + 1)...], as: UTF8.self)
        }
        return properties
    }
}
