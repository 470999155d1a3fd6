extension ActionAnswer {
    /// What is wrong with the values of a call: names are the schema's.
    init(problems: [String]) {
        let shown = problems.prefix(10).map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: ". ")
        self.init(.invalid, shown + ". Correct it, or ask the user.")
    }

    /// What a call cannot do without, and nobody knows.
    init(missing names: [String]) {
        let shown = names.prefix(20).joined(separator: ", ")
        self.init(.needed, "Still needed: \(shown). Ask the user for it, then call the action again with it.")
    }

    /// What a handler misses or cannot use.
    init(_ error: ActionValueError) {
        switch error.kind {
        case .missing: self.init(missing: [error.name])
        case .wrong(let wish): self.init(problems: ["\(error.name) has to be \(wish)"])
        }
    }
}
