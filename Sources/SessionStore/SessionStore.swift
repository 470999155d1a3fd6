/// A place that keeps sessions. The Bedrock adapter sees this protocol and nothing else.
///
/// What every conforming store promises (and `SessionStoreTesting` checks):
/// - `nil` means there is no such session. An outage throws; it never looks like "no session".
/// - No read answers with a session past its expiration, and no write revives one: a write to an expired session starts a new one.
/// - A session with an owner answers that user and operators only; anyone else gets `.notOwner`, for reads and writes alike.
/// - Two writes that set different fields both survive.
/// - The mark of a call (`SessionKey.call`) ends `SessionLimits.callTimeToLive` after its last write, whatever a session's time to live is.
/// - Of several writes that expect the same version of a session (`SessionWrite.onlyIf`), one is kept at most; the others throw `.conflict`.
///
/// Use the methods of the extension; a store implements these three.
public protocol SessionStore: Sendable {
    /// Reads one session; nil when there is none, or it has expired or was deleted.
    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session?

    /// Reads many; the answer has one result for each distinct key. Throws only when the call as a whole cannot be made.
    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>]

    /// Changes one session, and returns when the change is kept.
    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult
}

/// How fresh a read has to be.
public enum ReadConsistency: Hashable, Sendable {
    /// Whatever the store's own guarantee allows: a cache may answer. Never older than a write acknowledged before the call.
    case cached
    /// From the source of truth, whatever a cache says.
    case strong
}

/// One read.
public struct SessionRead: Sendable {
    /// What to read.
    public var key: SessionKey
    /// On whose behalf.
    public var caller: Caller
    /// How fresh.
    public var consistency: ReadConsistency

    /// A read of `key`.
    @inlinable
    public init(_ key: SessionKey, as caller: Caller = .anonymous, consistency: ReadConsistency = .cached) {
        self.key = key
        self.caller = caller
        self.consistency = consistency
    }
}

/// One write.
public struct SessionWrite: Sendable {
    /// What to change.
    public var key: SessionKey
    /// On whose behalf.
    public var caller: Caller
    /// The change.
    public var change: Change
    /// What a cache in front of the store knows of the item. It saves the store a failed condition, never decides.
    public var basis: Basis
    /// What has to be true of the session for the change to be made; otherwise nothing is written and the write throws `.conflict`. Nil: nothing has to.
    public var onlyIf: Expectation?
    /// Called before each attempt at the source of truth; what it throws ends the write with nothing attempted further.
    public var beforeAttempt: (@Sendable () async throws(SessionStoreError) -> Void)?

    /// What can be done to a session.
    public enum Change: Hashable, Sendable {
        /// Sets and removes single fields and leaves the others; creates the session if there is none.
        case update(set: SessionData, remove: Set<String>)
        /// Replaces all fields; creates the session if there is none.
        case replace(SessionData)
        /// Extends a live session to a full time to live from now; does nothing when there is none.
        case touch
        /// Removes the session; does nothing when there is none.
        case delete
    }

    /// What a caller has seen of a session and decided upon: a change that counts only if nobody wrote in between.
    public enum Expectation: Hashable, Sendable {
        /// There is no live session.
        case absent
        /// The session is live at this version; nil: it is live and of a program without versions.
        case version(SessionVersion?)

        /// That the session still is what was read; nil: that there still is none.
        public init(_ session: Session?) {
            self = session.map { .version($0.version) } ?? .absent
        }
    }

    /// What is known of an item before it is written.
    public enum Basis: Hashable, Sendable {
        /// Nothing.
        case unknown
        /// The table said there is no item.
        case absent
        /// This session was live; version nil: an item of a program without versions.
        case live(SessionVersion?)
        /// It was deleted at this version.
        case deleted(SessionVersion)
    }

    /// A change of `key`.
    public init(
        _ key: SessionKey, _ change: Change, as caller: Caller = .anonymous, basis: Basis = .unknown, onlyIf: Expectation? = nil
    ) {
        self.key = key
        self.change = change
        self.caller = caller
        self.basis = basis
        self.onlyIf = onlyIf
    }
}

/// What a write did.
public struct WriteResult: Hashable, Sendable {
    /// The session as it now is; nil after a deletion, and when there was nothing to touch.
    public var session: Session?
    /// The version this write has in the session's history; nil when nothing was written. Of a deletion whose answer was lost, and that found the session
    /// deleted when it looked: the version of the deletion that it found, which may be another one's; nil where the item is gone.
    public var version: SessionVersion?
    /// Whether anything was written: false for a touch or deletion of a session that is not there.
    public var changed: Bool
    /// What became of the cached copy.
    public var cache: CacheState

    /// What became of the cached copy.
    public enum CacheState: Hashable, Sendable {
        /// The store has no cache.
        case none
        /// The cache has this write, or no copy at all.
        case published
        /// The cache could not be told yet. Others may read the previous version for at most the cache's `revalidateAfter`.
        case pending
    }

    /// A result with these parts.
    public init(session: Session?, version: SessionVersion?, changed: Bool, cache: CacheState = .none) {
        self.session = session
        self.version = version
        self.changed = changed
        self.cache = cache
    }
}
