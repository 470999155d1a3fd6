/// Why bytes are not a JSON document that this program accepts. Holds nothing of the document but a position.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    package enum Code: String, Hashable, Sendable {
        /// Not JSON.
        case syntax
        /// The bytes end in the middle of a value, or there are none.
        case truncated
        /// Something follows the value.
        case trailingBytes
        /// A string that is not UTF-8.
        case invalidUTF8
        /// Nested deeper than the limit.
        case tooDeep
        /// An object names a member twice; which of the two counts would depend on the reader.
        case duplicateKey
        /// A member's name contains U+0000.
        case zeroInKey
        /// Longer than the limit.
        case tooLarge
    }

    /// The kind of error.
    package let code: Code
    /// Where, in bytes from the start.
    package let position: Int

    /// An error of that kind at that byte.
    package init(_ code: Code, position: Int) {
        self.code = code
        self.position = position
    }

    /// One sentence without anything of the document.
    package var description: String {
        switch self.code {
        case .syntax: "not JSON at byte \(self.position)"
        case .truncated: "the JSON ends too early, at byte \(self.position)"
        case .trailingBytes: "something follows the JSON value at byte \(self.position)"
        case .invalidUTF8: "a JSON string is not UTF-8 at byte \(self.position)"
        case .tooDeep: "the JSON is nested too deeply at byte \(self.position)"
        case .duplicateKey: "a JSON object names the same member twice at byte \(self.position)"
        case .zeroInKey: "a JSON member's name contains a zero character at byte \(self.position)"
        case .tooLarge: "the JSON is longer than \(self.position) bytes"
        }
    }
}
