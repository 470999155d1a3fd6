/// A key in two parts, which are joined where it is sent: what many keys begin with, and a name.
///
/// A store would otherwise make an array of bytes for each read, 450 instructions, for them to be copied once.
@usableFromInline
package struct RedisKey: Sendable {
    @usableFromInline let prefix: [UInt8]
    @usableFromInline let name: String

    /// The key of this name.
    @inlinable
    package init(prefix: [UInt8], name: String) {
        self.prefix = prefix
        self.name = name
    }

    /// A key that is in one piece.
    @inlinable
    package init(_ bytes: [UInt8]) {
        self.init(prefix: bytes, name: "")
    }

    var count: Int { self.prefix.count + self.name.utf8.count }

    /// The whole key.
    package var bytes: [UInt8] { self.prefix + self.name.utf8 }
}
