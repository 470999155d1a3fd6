internal import CoreMetrics
internal import SessionStore

extension CacheCore {
    /// The value of a key as the decoder takes it: with keys, an authentic entry in its open form, or what is no entry; anything else is bad, and counted.
    @inline(__always)
    func opened(_ value: [UInt8]?, _ key: SessionKey) -> [UInt8]? {
        guard let sealer = self.sealer, let value else { return value }
        return self.opened(value, key, by: sealer)
    }

    @inline(never)
    private func opened(_ value: [UInt8], _ key: SessionKey, by sealer: EntrySealer) -> [UInt8] {
        switch sealer.open(value, for: key) {
        case .entry(let entry): return entry
        case .other: return value
        case .refused(let refusal):
            self.metrics.refused(refusal)
            return WireFormat.foreign
        }
    }

    /// The entry as it goes to Redis. One that cannot be sealed is not cached.
    func sealed(_ entry: EncodedEntry, _ key: SessionKey) -> EncodedEntry {
        guard let sealer = self.sealer, !entry.bytes.isEmpty else { return entry }
        guard let bytes = sealer.seal(entry.bytes, for: key) else {
            self.metrics.failedSeal.increment()
            return .none
        }
        return EncodedEntry(bytes: bytes, end: entry.end)
    }

    /// Counts a bad entry that another process has sealed, where this one has no keys.
    func noteBad(_ value: [UInt8]?) {
        guard self.sealer == nil, let value, value.count > WireFormat.headerByteCount else { return }
        if value[WireFormat.formOffset] == WireFormat.sealedForm { self.metrics.refused(.sealed) }
    }
}
