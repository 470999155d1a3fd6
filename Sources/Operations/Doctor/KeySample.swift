package import CacheStore

/// What a look at some of the cache's keys found.
package struct KeySample: Hashable, Sendable {
    /// Keys of this table and wire format that were seen.
    package var ours = 0
    /// Keys of this table under another wire format.
    package var otherFormat = 0
    /// Entries of ours that were opened and are good.
    package var good = 0
    /// Values of ours that may not answer, by reason.
    package var flaws: [CacheFinding.Flaw: Int] = [:]
    /// Whether the walk ended before all keys were seen.
    package var isPartial = false

    /// An empty sample.
    package init() {}

    /// Takes in what a key of ours holds.
    package mutating func add(_ finding: CacheFinding.State) {
        switch finding {
        case .live, .absent, .tombstone: self.good += 1
        case .bad(let flaw): self.flaws[flaw, default: 0] += 1
        case .none, .lease, .intent: break
        }
    }

    /// How many have one of these.
    func count(_ flaws: CacheFinding.Flaw...) -> Int {
        flaws.reduce(0) { $0 + (self.flaws[$1] ?? 0) }
    }

    var seen: String { "\(self.ours) keys of this table seen\(self.isPartial ? ", not all" : "")" }
}

extension Diagnosis {
    /// Whether the table's keys hold what this program writes.
    package static func keyPrefix(_ sample: Evidence<KeySample>) -> Diagnosis {
        sample.diagnosis(.keyPrefix) { sample in
            let foreign = sample.count(.otherType, .otherFormat, .undecodable)
            if foreign > 0 {
                return Diagnosis(
                    .keyPrefix, .failure,
                    "\(foreign) of the keys looked at hold what another program, or another version of this one, wrote",
                    fix: "give the other program keys of its own; `bedrock-sessions audit --repair` replaces what it left")
            }
            if sample.otherFormat > 0 {
                return Diagnosis(
                    .keyPrefix, .failure,
                    "\(sample.otherFormat) keys of this table are of another wire format than bs1: processes of two versions do not see each other's writes",
                    fix: "bring all processes to one version; the other keys end by themselves")
            }
            return Diagnosis(.keyPrefix, .pass, "\(sample.seen), all of wire format bs1")
        }
    }

    /// Whether there is a seal key, and it opens what is there.
    package static func sealKey(_ sample: Evidence<KeySample>, _ place: RedisPlace) -> Diagnosis {
        sample.diagnosis(.sealKey) { sample in
            let fix =
                "give every process the same BEDROCK_SESSIONS_SEAL_KEYS: a new key goes behind the old one everywhere first, then in front"
            let tries: [(Int, String)] = [
                (sample.count(.sealed), "are sealed, and there is no key here"),
                (sample.count(.unknownKey), "are sealed under a key that is not among these"),
                (sample.count(.notAuthentic), "are not authentic: forged, moved, or sealed under another key of the same name"),
                (sample.count(.unsealed), "lie open although there are keys: a process without keys writes here"),
            ]
            for (count, what) in tries where count > 0 {
                return Diagnosis(.sealKey, .failure, "\(count) of the entries looked at \(what)", fix: fix)
            }
            if place.isSealed { return Diagnosis(.sealKey, .pass, "the keys open all \(sample.good) entries that were looked at") }
            if place.isLoopback || place.isEncrypted {
                if place.isLoopback { return Diagnosis(.sealKey, .pass, "there is no key, and Redis is on this machine") }
                return Diagnosis(
                    .sealKey, .warning, "there is no key: who reaches Redis can read and forge sessions",
                    fix: "bedrock-sessions seal-key prints a line for BEDROCK_SESSIONS_SEAL_KEYS")
            }
            return Diagnosis(
                .sealKey, .failure, "there is no key, and this Redis is elsewhere: who reaches it can read and forge sessions",
                fix: "bedrock-sessions seal-key prints a line for BEDROCK_SESSIONS_SEAL_KEYS")
        }
    }
}
