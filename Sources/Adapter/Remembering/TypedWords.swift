import SessionStore

/// What stands literally in a user's words.
struct TypedWords {
    private let scalars: [Unicode.Scalar]

    init(_ text: String) {
        self.scalars = Array(text.unicodeScalars)
    }

    /// Whether the address stands there as a word of its own, in a spelling that is valid by itself: an EVM address in one case or with the right
    /// checksum, others exactly. A part of a longer word (`0x….eth`, `x0x…`) is not the address.
    func contain(_ wallet: WalletAddress) -> Bool {
        let length = wallet.text.utf8.count
        let lower = wallet.text.lowercased()
        return self.words(of: length).contains { word in
            word.lowercased() == lower && (try? WalletAddress(word)) == wallet
        }
    }

    /// Whether the code stands there as a word of its own, in letters of either case.
    func contain(code: String) -> Bool {
        self.words(of: code.utf8.count).contains { $0.uppercased() == code }
    }

    /// The words of that many ASCII letters and digits with nothing before or behind them that would make them parts of longer ones.
    private func words(of length: Int) -> [String] {
        var words: [String] = []
        var start = 0
        while start < self.scalars.count {
            guard Self.isPart(self.scalars[start]) else {
                start += 1
                continue
            }
            let end = self.scalars[start...].firstIndex { !Self.isPart($0) } ?? self.scalars.count
            if end - start == length, !self.continues(before: start), !self.continues(behind: end) {
                words.append(String(String.UnicodeScalarView(self.scalars[start..<end])))
            }
            start = end
        }
        return words
    }

    private func continues(before start: Int) -> Bool {
        guard start > 0 else { return false }
        return Self.isLetter(self.scalars[start - 1])
            || (Self.joins(self.scalars[start - 1]) && start > 1 && Self.isLetter(self.scalars[start - 2]))
    }

    private func continues(behind end: Int) -> Bool {
        guard end < self.scalars.count else { return false }
        return Self.isLetter(self.scalars[end])
            || (Self.joins(self.scalars[end]) && end + 1 < self.scalars.count && Self.isLetter(self.scalars[end + 1]))
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "a"..."z", "A"..."Z": true
        default: false
        }
    }

    /// Whatever a reader takes for a part of a word, or does not see at all.
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if Self.isPart(scalar) || scalar == "_" { return true }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
            .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .format, .unassigned, .privateUse:
            true
        default: false
        }
    }

    /// What joins two words to one where it stands between them.
    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "-" || scalar == "@"
    }
}
