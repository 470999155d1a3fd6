internal import Redis
package import SessionStore
internal import Synchronization

/// For tools that look at the cache beside the table, and bring them together.
extension CacheCore {
    /// What the key of a session holds. Throws `.unavailable` when Redis does not answer: that is not "nothing".
    package func examine(_ key: SessionKey) async throws(SessionStoreError) -> CacheFinding {
        do throws(RedisError) {
            let (bytes, epoch) = try await self.commands.get(self.place(of: key))
            return self.finding(bytes, epoch, key)
        } catch {
            if error.code == .wrongType {
                return CacheFinding(.bad(.otherType), bytes: WireFormat.foreign, epoch: 0)
            }
            throw SessionStoreError(.unavailable, "the cache does not answer: \(error.message)", underlying: error.code.label)
        }
    }

    /// Brings a key into agreement with the table, by the same steps as a read that finds it: so it is as coherent with readers and writers as they are.
    /// What the key held must be what was found, or nothing is stored. Throws what the table says.
    package func repair(_ key: SessionKey, _ found: CacheFinding) async throws(SessionStoreError) {
        let plan: LoadPlan
        switch found.state {
        // Those who hold the key end that themselves.
        case .lease, .intent: return
        case .none: plan = .fill(over: nil)
        case .bad: plan = .fill(over: found.bytes)
        case .live, .absent, .tombstone: plan = .recheck(seen: found.bytes ?? [], epoch: found.epoch)
        }
        self.near?.changed(key)
        let answer = await self.load(key, plan, holding: nil, began: self.handedOver.load(ordering: .acquiring))
        if case .failure(let error) = answer { throw error }
    }

    /// Removes the entry of a session that the table has no item of any more, whatever its version. An intent stays: its writers are at work, and what
    /// they publish does not outlive the announcement. Throws `.unavailable` when Redis does not answer.
    package func purge(_ key: SessionKey) async throws(SessionStoreError) {
        self.near?.changed(key)
        defer { self.near?.changed(key) }
        do throws(RedisError) {
            try await self.commands.replay(self.redisKey(key), SessionVersion(.max))
        } catch {
            throw SessionStoreError(
                .unavailable, "the cache does not answer, so its copy may still be there: \(error.message)", underlying: error.code.label)
        }
    }

    /// The session that a key of Redis belongs to; nil for a key of another store, or of no form of ours.
    package func key(ofRedisKey bytes: [UInt8]) -> SessionKey? {
        guard bytes.starts(with: self.keyPrefix) else { return nil }
        return SessionKey(rawValue: String(decoding: bytes.dropFirst(self.keyPrefix.count), as: UTF8.self))
    }

    private func finding(_ bytes: [UInt8]?, _ epoch: UInt64, _ key: SessionKey) -> CacheFinding {
        var entry = bytes
        if let sealer = self.sealer, let bytes {
            switch sealer.open(bytes, for: key) {
            case .entry(let open): entry = open
            case .other: break
            case .refused(let refusal):
                var found = CacheFinding(.bad(refusal.flaw), bytes: bytes, epoch: epoch)
                found.sealKeyID = Self.sealKeyID(bytes)
                return found
            }
        }
        func found(_ state: CacheFinding.State, _ header: EntryHeader? = nil) -> CacheFinding {
            var found = CacheFinding(state, bytes: bytes, epoch: epoch)
            guard let header else { return found }
            found.age = max(self.clock.now - header.cachedAt, .zero)
            found.end = header.end
            found.isOfThisServer = epoch != 0 && header.epoch == epoch
            found.sealKeyID = Self.sealKeyID(bytes ?? [])
            return found
        }
        switch EntryDecoder.state(of: entry) {
        case .none: return found(.none)
        case .lease: return found(.lease)
        case .intent: return found(.intent)
        case .bad: return found(.bad(self.flaw(bytes)))
        case .entry(let header):
            if let end = header.end, end <= self.clock.now { return found(.bad(.ended), header) }
            switch header.kind {
            case .absent: return found(.absent, header)
            case .tombstone: return found(.tombstone(header.version ?? SessionVersion(0)), header)
            case .live:
                let age = max(self.clock.now - header.cachedAt, .zero)
                guard let session = EntryDecoder.session(in: entry ?? [], header, key: key, origin: .cache(age: age)) else {
                    return found(.bad(.undecodable), header)
                }
                return found(.live(session), header)
            }
        }
    }

    private func flaw(_ bytes: [UInt8]?) -> CacheFinding.Flaw {
        self.sealer == nil && Self.sealKeyID(bytes ?? []) != nil ? .sealed : .otherFormat
    }

    /// Who sealed an entry, as it says itself.
    private static func sealKeyID(_ bytes: [UInt8]) -> String? {
        guard bytes.count > WireFormat.headerByteCount, bytes[WireFormat.formOffset] == WireFormat.sealedForm else { return nil }
        switch bytes[0] {
        case WireFormat.live, WireFormat.absent, WireFormat.tombstone: break
        default: return nil
        }
        let length = Int(bytes[WireFormat.headerByteCount])
        let start = WireFormat.headerByteCount + 1
        guard (1...32).contains(length), bytes.count >= start + length else { return nil }
        let id = bytes[start..<start + length]
        return id.allSatisfy { (0x21...0x7E).contains($0) } ? String(decoding: id, as: UTF8.self) : nil
    }
}

extension EntrySealer.Refusal {
    fileprivate var flaw: CacheFinding.Flaw {
        switch self {
        case .unsealed: .unsealed
        case .sealed: .sealed
        case .malformed: .otherFormat
        case .unknownKey: .unknownKey
        case .notAuthentic: .notAuthentic
        }
    }
}
