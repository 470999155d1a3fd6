/// As much of XML as the answers of STS and IAM have: elements with text, no attributes that matter, no nesting of equal names.
enum XMLText {
    /// The text of the first element of that name, its entities resolved.
    static func element(_ name: String, in xml: String) -> String? {
        guard let start = xml.place(of: "<\(name)>"), let end = xml[start.upperBound...].place(of: "</\(name)>") else {
            return nil
        }
        return self.unescaped(xml[start.upperBound..<end.lowerBound])
    }

    private static func unescaped(_ text: Substring) -> String {
        let text = String(Text.trimmed(text))
        let entities = [("lt;", "<"), ("gt;", ">"), ("quot;", "\""), ("apos;", "'"), ("amp;", "&")]
        // Each part but the first stands behind an ampersand.
        let parts = text.split(separator: "&", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(into: String(parts.first ?? "")) { plain, part in
            let entity = entities.first { part.hasPrefix($0.0) }
            plain += entity.map { $0.1 + part.dropFirst($0.0.count) } ?? "&" + part
        }
    }
}
