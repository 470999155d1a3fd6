package import JSON

/// What happened in one second of a load, or in all of it.
package struct Interval: Sendable {
    /// By kind of answer, how long it took.
    package private(set) var latencies: [Lane: Latencies] = [:]
    /// By word, how many operations failed. Words come from a bounded set.
    package private(set) var errors: [String: Int] = [:]
    /// By the same words, what one of them said.
    package private(set) var sentences: [String: String] = [:]
    /// By kind, how many answers were wrong.
    package private(set) var faults: [Ledger.Fault: Int] = [:]
    /// Answers older than what was acknowledged, as they may be after a write that the cache could not be told of.
    package private(set) var older = 0

    package init() {}

    package mutating func record(_ lane: Lane, nanoseconds: Int64) {
        self.latencies[lane, default: Latencies()].record(nanoseconds)
    }

    package mutating func failed(_ word: String, _ sentence: String) {
        self.errors[word, default: 0] += 1
        self.sentences[word] = sentence
    }

    package mutating func judged(_ verdict: Ledger.Verdict) {
        switch verdict {
        case .right: break
        case .older: self.older += 1
        case .wrong(let fault): self.faults[fault, default: 0] += 1
        }
    }

    package mutating func add(_ other: Interval) {
        for (lane, latencies) in other.latencies { self.latencies[lane, default: Latencies()].add(latencies) }
        self.errors.merge(other.errors) { $0 + $1 }
        self.sentences.merge(other.sentences) { $1 }
        self.faults.merge(other.faults) { $0 + $1 }
        self.older += other.older
    }

    /// Operations that were answered.
    package var answered: Int { self.latencies.values.reduce(0) { $0 + $1.count } }
    package var failures: Int { self.errors.values.reduce(0, +) }
    package var wrong: Int { self.faults.values.reduce(0, +) }

    /// Of the reads that found a session, the part that the cache answered; nil: there were none.
    package var hitRatio: Double? {
        let cached = self.count(.cache) + self.count(.stale)
        let all = cached + self.count(.table)
        return all == 0 ? nil : Double(cached) / Double(all)
    }

    package func count(_ lane: Lane) -> Int { self.latencies[lane]?.count ?? 0 }

    /// All answers together.
    package func merged() -> Latencies {
        self.latencies.values.reduce(into: Latencies()) { $0.add($1) }
    }
}

extension Interval {
    /// For another process.
    package var json: JSONValue {
        .object([
            JSONValue.Member("latencies", .object(self.latencies.map { JSONValue.Member($0.key.rawValue, $0.value.pairs) })),
            JSONValue.Member("errors", .object(self.errors.map { JSONValue.Member($0.key, .number(String($0.value))) })),
            JSONValue.Member("sentences", .object(self.sentences.map { JSONValue.Member($0.key, .string($0.value)) })),
            JSONValue.Member("faults", .object(self.faults.map { JSONValue.Member($0.key.rawValue, .number(String($0.value))) })),
            JSONValue.Member("older", .number(String(self.older))),
        ])
    }

    /// Reads what another process wrote; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let latencies = json["latencies"]?.members, let errors = json["errors"]?.members,
            let sentences = json["sentences"]?.members, let faults = json["faults"]?.members,
            let older = json["older"]?.integer
        else { return nil }
        for member in latencies {
            guard let lane = Lane(rawValue: member.name), let read = Latencies(pairs: member.value) else { return nil }
            self.latencies[lane] = read
        }
        for member in errors {
            guard let count = member.value.integer else { return nil }
            self.errors[member.name] = Int(count)
        }
        for member in sentences { self.sentences[member.name] = member.value.string }
        for member in faults {
            guard let fault = Ledger.Fault(rawValue: member.name), let count = member.value.integer else { return nil }
            self.faults[fault] = Int(count)
        }
        self.older = Int(older)
    }
}
