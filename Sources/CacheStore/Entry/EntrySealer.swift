internal import Sealing
package import SessionStore

/// Seals entries for Redis and opens them again: the sealed form of `WireFormat`.
///
/// The header stays readable, since scripts compare versions; it is authenticated with everything else: state, version, form, instants, epoch, the
/// key's id, the region, the whole Redis key, and owner and fields, which are encrypted.
package struct EntrySealer: Sendable {
    /// What a reader with keys makes of a key's value.
    package enum Finding: Hashable, Sendable {
        /// An authentic entry, in its open form.
        case entry([UInt8])
        /// No entry that could answer: a lease, an intent, or bytes of no known state.
        case other
        /// An entry that is not to be believed.
        case refused(Refusal)
    }

    /// Why an entry is not to be believed. The cases are labels of a metric.
    package enum Refusal: Int, CaseIterable, Hashable, Sendable {
        /// It lies open although there are keys.
        case unsealed
        /// It is sealed although there is no key.
        case sealed
        /// Its form is none.
        case malformed
        /// It was sealed under a key that is not among ours.
        case unknownKey
        /// It was changed, or put where it does not belong.
        case notAuthentic

        /// Its name in metrics.
        package var label: String { "\(self)" }
    }

    private let sealer: Sealer

    /// A sealer for one table in one region. Throws `.misconfigured` where OpenSSL has no AES-256.
    ///
    /// - Parameter fixedNonces: For tests and documents with known answers only.
    package init(_ keys: SealKeys, region: String, table: String, fixedNonces: [UInt8]? = nil) throws(SessionStoreError) {
        // Region with its length, then, with the session's id, the Redis key.
        let place = [UInt8(truncatingIfNeeded: region.utf8.count)] + Array(region.utf8) + Array("\(WireFormat.keyPrefix)\(table):".utf8)
        do throws(SealingError) {
            self.sealer = try Sealer(keys.ring, place: place, fixedNonces: fixedNonces)
        } catch {
            throw SessionStoreError(
                .misconfigured, "entries cannot be sealed here: OpenSSL needs AES-256 in GCM and ECB mode", underlying: error.problem)
        }
    }

    /// The sealed form of an entry in its open form; nil when OpenSSL fails.
    package func seal(_ entry: [UInt8], for key: SessionKey) -> [UInt8]? {
        guard entry.count >= WireFormat.headerByteCount else { return nil }
        var entry = entry
        entry[WireFormat.formOffset] = WireFormat.sealedForm
        return try? self.sealer.seal(entry, clear: WireFormat.headerByteCount, for: key.rawValue)
    }

    /// What a key's value is. Only `.entry` may answer anything.
    package func open(_ value: [UInt8], for key: SessionKey) -> Finding {
        switch value.first {
        case WireFormat.live, WireFormat.absent, WireFormat.tombstone: break
        default: return .other
        }
        guard (WireFormat.headerByteCount...WireFormat.maximumByteCount).contains(value.count) else { return .refused(.malformed) }
        switch value[WireFormat.formOffset] {
        case WireFormat.sealedForm: break
        case WireFormat.openForm: return .refused(.unsealed)
        default: return .refused(.malformed)
        }
        do throws(SealingError) {
            var entry = try self.sealer.open(value, clear: WireFormat.headerByteCount, for: key.rawValue)
            entry[WireFormat.formOffset] = WireFormat.openForm
            return .entry(entry)
        } catch {
            switch error.code {
            case .unknownKey: return .refused(.unknownKey)
            case .malformed: return .refused(.malformed)
            case .notAuthentic, .keys, .library: return .refused(.notAuthentic)
            }
        }
    }
}
