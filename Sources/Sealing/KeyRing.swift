/// The keys of a deployment: the first one seals, all open.
package struct KeyRing: Sendable {
    /// Most keys: a rotation needs two.
    package static let maximumCount = 16

    /// At least one.
    package let keys: [SealKey]

    /// Reads `kid:base64` entries, separated by commas or line ends; blanks around them do not count, empty ones neither, so that a file may end
    /// with a line end. Throws `.keys` with every problem in one sentence each, none of which quotes the text.
    package init(_ text: String) throws(SealingError) {
        var keys: [SealKey] = []
        var problems: [String] = []
        for entry in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: ",") || (0x0A...0x0D).contains($0) }) {
            let blank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
            var rest = entry.drop(while: blank)
            while let last = rest.last, blank(last) { rest = rest.dropLast() }
            if rest.isEmpty { continue }
            let place = "key \(keys.count + problems.count + 1)"
            do {
                let key = try SealKey(rest, place: place)
                if keys.contains(where: { $0.id == key.id }) {
                    problems.append("the kid of \(place) is taken by a key before it")
                } else if keys.contains(where: { $0.hasSecret(of: key) }) {
                    problems.append("\(place) is a key before it under another kid")
                } else {
                    keys.append(key)
                }
            } catch {
                problems.append(error.problem)
            }
        }
        if keys.isEmpty, problems.isEmpty { problems.append("there is no key: write kid:base64, first the one that seals") }
        if keys.count > Self.maximumCount {
            problems.append("there are more than \(Self.maximumCount) keys: remove those that nothing is sealed under")
        }
        guard problems.isEmpty else { throw SealingError(.keys, problems.joined(separator: "; ")) }
        self.keys = keys
    }
}

extension KeyRing: Hashable {
    /// Whether both hold the same keys under the same ids in the same order.
    package static func == (left: KeyRing, right: KeyRing) -> Bool {
        left.keys.count == right.keys.count && zip(left.keys, right.keys).allSatisfy { $0.id == $1.id && $0.hasSecret(of: $1) }
    }

    /// The ids alone: a hash of a secret is one more place where it is.
    package func hash(into hasher: inout Hasher) {
        for key in self.keys { hasher.combine(key.id) }
    }
}
