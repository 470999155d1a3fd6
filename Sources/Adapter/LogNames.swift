internal import Logging
public import SessionStore

/// How logs name sessions and users. Never by their ids, which are credentials: by something that only whoever has a key can compute.
public struct LogNames: Sendable {
    /// The name of a session; nil: it has none.
    public var session: @Sendable (SessionID) -> String?
    /// The name of a user; nil: it has none.
    public var user: @Sendable (UserID) -> String?

    /// Names made by these two.
    public init(session: @escaping @Sendable (SessionID) -> String?, user: @escaping @Sendable (UserID) -> String?) {
        self.session = session
        self.user = user
    }

    /// What a line says of an event's session and caller: `session` and `user`, where they have names.
    static func metadata(_ names: LogNames?, _ session: SessionID, _ caller: Caller?) -> Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        metadata["session"] = names?.session(session).map { .string($0) }
        metadata["user"] = caller?.userID.flatMap { names?.user($0) }.map { .string($0) }
        return metadata
    }
}
