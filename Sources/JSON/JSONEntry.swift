/// One value of a document on its tape: what it is, where its text lies, and how many entries it takes together with what is in it.
///
/// An object is followed by name, value, name, value, ...; an array by its elements.
struct JSONEntry {
    enum Kind: UInt8 {
        /// With its members; `length` counts them.
        case object
        /// With its elements; `length` counts them.
        case array
        /// Without escapes: its text is its value.
        case string
        /// With escapes.
        case escapedString
        /// A number without fraction and exponent.
        case integer
        /// Any other number.
        case decimal
        case yes, no, null
    }

    /// The first byte of the text; of a string the one after the quote.
    var start: UInt32
    /// Bytes of a string's text or a number's; members; elements.
    var length: UInt32
    /// This entry and all below it. While a container is being parsed: the entry of the container around it.
    var span: UInt32
    var kind: Kind
}
