import CacheStore
import SessionStore

/// All that is in the bytes of a key: header and payload together.
enum Decoded: Hashable {
    case none
    case entry(CacheEntry)
    case lease(Token)
    case intent
    case bad

    /// Decodes as a read does that finds nothing to object.
    init(_ bytes: [UInt8]?, key: SessionKey) {
        switch EntryDecoder.state(of: bytes) {
        case .none: self = .none
        case .lease(let token): self = .lease(token)
        case .intent: self = .intent
        case .bad: self = .bad
        case .entry(let header):
            let content: CacheEntry.Content? =
                switch (header.kind, header.version, header.end) {
                case (.live, _, _): EntryDecoder.session(in: bytes ?? [], header, key: key).map(CacheEntry.Content.live)
                case (.absent, _, let end?): .absent(until: end)
                case (.tombstone, let version?, let end?): .tombstone(version, until: end)
                case (.absent, _, nil), (.tombstone, _, _): nil
                }
            self = content.map { .entry(CacheEntry($0, cachedAt: header.cachedAt, epoch: header.epoch)) } ?? .bad
        }
    }
}

extension CacheEntry {
    /// The header that its bytes start with.
    var header: EntryHeader {
        let (kind, version): (EntryHeader.Kind, SessionVersion?) =
            switch self.content {
            case .live(let session): (.live, session.version)
            case .absent: (.absent, nil)
            case .tombstone(let version, _): (.tombstone, version)
            }
        return EntryHeader(kind, version: version, cachedAt: self.cachedAt, epoch: self.epoch, end: self.end)
    }
}
