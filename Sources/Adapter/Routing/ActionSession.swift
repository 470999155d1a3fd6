import Locked
public import Logging
public import SessionStore

/// The conversation that a call belongs to: who calls, what is stored, and the attributes that return to the calling application.
public final class ActionSession: Sendable {
    private struct Attributes {
        var session: ActionAttributes?
        var prompt: ActionAttributes?
    }

    /// The conversation.
    public let id: SessionID
    /// On whose behalf: from the session attributes, never from a parameter.
    public let caller: Caller
    /// The logger of this call. Ids and values do not belong into it.
    public let logger: Logger
    private let store: any SessionStore
    private let clock: any SessionClock
    private let deadline: Duration?
    private let attributes: Locked<Attributes>

    init(
        _ request: ActionRequest, caller: Caller, store: any SessionStore, clock: any SessionClock, deadline: Duration?, logger: Logger
    ) {
        self.id = request.sessionID
        self.caller = caller
        self.store = store
        self.clock = clock
        self.deadline = deadline
        self.logger = logger
        self.attributes = Locked(Attributes(session: request.sessionAttributes, prompt: request.promptSessionAttributes))
    }

    /// The session attributes, as the answer will have them; setting one to nil removes it. Nil where the event has none.
    public var sessionAttributes: ActionAttributes? {
        get { self.attributes.withLock { $0.session } }
        set { self.attributes.withLock { $0.session = newValue } }
    }

    /// The prompt session attributes, as the answer will have them.
    public var promptSessionAttributes: ActionAttributes? {
        get { self.attributes.withLock { $0.prompt } }
        set { self.attributes.withLock { $0.prompt = newValue } }
    }

    /// Sets a session attribute; nil removes it.
    public func set(_ attribute: String, _ value: String?) {
        self.attributes.withLock { attributes in
            var all = attributes.session ?? [:]
            all[attribute] = value
            attributes.session = all
        }
    }

    /// What is left of the time to answer; nil: nobody waits for a certain time.
    public var timeLeft: Duration? {
        self.deadline.map { max(.zero, $0 - self.clock.uptime) }
    }

    /// The fields that the session holds; nil when there is no session yet. Throws `.notOwner` for another user's, and what the store throws.
    public func data() async throws(SessionStoreError) -> SessionData? {
        try await self.store.session(.session(self.id), as: self.caller)?.data
    }

    /// Sets and removes fields of the session; begins it if there is none. Throws `.notOwner` for another user's, and what the store throws.
    public func update(set: SessionData = [:], remove: Set<String> = []) async throws(SessionStoreError) {
        try await self.store.update(.session(self.id), set: set, remove: remove, as: self.caller)
    }
}
