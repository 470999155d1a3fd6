/// Texts that come from a model and go back to one: short, on one line, without characters that nobody sees.
enum FieldText {
    /// Bytes: more than a name, a marketplace or a chain has, less than instructions need.
    static let maximumBytes = 256

    /// `text` without control and format characters, with each run of white space as one space and none at its ends. Throws `.invalidValue` when
    /// nothing is left, or too much.
    static func clean(_ text: some StringProtocol) throws(SessionStoreError) -> String {
        // A text of this size is refused, however much of it could be left out.
        guard text.utf8.count <= Self.maximumBytes * 4 else { throw Self.tooLong }
        var scalars = String.UnicodeScalarView()
        var space = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                space = !scalars.isEmpty
            } else if Self.isVisible(scalar) {
                if space { scalars.append(" ") }
                space = false
                scalars.append(scalar)
            }
        }
        let cleaned = String(scalars)
        guard !cleaned.isEmpty else { throw SessionStoreError(.invalidValue, "the text is empty: give one") }
        guard cleaned.utf8.count <= Self.maximumBytes else { throw Self.tooLong }
        return cleaned
    }

    /// Without the white space around it.
    static func trimmed(_ text: some StringProtocol) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return String(decoding: Array(text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()), as: UTF8.self)
    }

    /// Neither a control nor a format character (which turn the direction of writing, or hide words from a reader), nor one without a meaning.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static var tooLong: SessionStoreError {
        SessionStoreError(.invalidValue, "the text is longer than \(Self.maximumBytes) bytes: give a shorter one")
    }
}
