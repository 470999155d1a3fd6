/// As much of XML as the answers of STS and IAM have: elements with text, no attributes that matter, no nesting of equal names.
enum XMLText {
    /// The text of the first element of that name, its entities resolved.
    static func element(_ name: String, in xml: String) -> String? {
        guard let start = xml.firstRange(of: "<\(name)>"), let end = xml[start.upperBound...].firstRange(of: "</\(name)>") else {
            return nil
        }
        return self.unescaped(xml[start.upperBound..<end.lowerBound])
    }

    private static func unescaped(_ text: Substring) -> String {
        let text = String(Text.trimmed(text))
        guard text.contains("&") else { return text }
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
