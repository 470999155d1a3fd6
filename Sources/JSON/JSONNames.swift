/// Finds out whether an object names a member twice, or one with a zero character.
enum JSONNames {
    /// Up to here each name is compared with each.
    private static let few = 12

    /// Throws `.duplicateKey` or `.zeroInKey`. The object's span and number of members are known.
    static func check(_ tape: Span<JSONEntry>, object: Int, in bytes: Span<UInt8>) throws(JSONError) {
        let count = Int(tape[object].length)
        if count > self.few { return try self.checkMany(tape, object: object, in: bytes) }
        var index = object + 1
        for _ in 0..<count {
            let entry = tape[index]
            if entry.kind == .escapedString { return try self.checkMany(tape, object: object, in: bytes) }
            var other = object + 1
            while other < index {
                // Escapes were met before.
                if self.areEqual(tape[other], entry, bytes) { throw JSONError(.duplicateKey, position: Int(entry.start)) }
                other += 1 + Int(tape[other + 1].span)
            }
            index += 1 + Int(tape[index + 1].span)
        }
    }

    /// Names without escapes.
    @inline(__always)
    private static func areEqual(_ first: JSONEntry, _ second: JSONEntry, _ bytes: Span<UInt8>) -> Bool {
        guard first.length == second.length else { return false }
        let (left, right) = (Int(first.start), Int(second.start))
        // Names of the same length mostly differ at their ends.
        if first.length > 0, bytes[left + Int(first.length) - 1] != bytes[right + Int(first.length) - 1] { return false }
        for index in 0..<Int(first.length) where bytes[left + index] != bytes[right + index] { return false }
        return true
    }

    /// Swift's hashes are seeded anew in each process: a sender cannot choose names that collide.
    private static func checkMany(_ tape: Span<JSONEntry>, object: Int, in bytes: Span<UInt8>) throws(JSONError) {
        let count = Int(tape[object].length)
        var names = Set<[UInt8]>(minimumCapacity: count)
        var index = object + 1
        for _ in 0..<count {
            let entry = tape[index]
            let text = bytes.extracting(Int(entry.start)..<Int(entry.start) + Int(entry.length))
            let name = entry.kind == .escapedString ? JSONEscapes.decode(text) : Self.copy(text)
            // Only an escape can spell it.
            if entry.kind == .escapedString, name.contains(0) { throw JSONError(.zeroInKey, position: Int(entry.start)) }
            guard names.insert(name).inserted else { throw JSONError(.duplicateKey, position: Int(entry.start)) }
            index += 1 + Int(tape[index + 1].span)
        }
    }

    private static func copy(_ text: Span<UInt8>) -> [UInt8] {
        unsafe text.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
