import CacheStore
import SessionStore

extension SessionKey {
    /// A session's key in a test.
    static func test(_ text: String) -> SessionKey {
        do {
            return .session(try SessionID(text))
        } catch {
            preconditionFailure("a test uses a session id that is none")
        }
    }
}

extension Caller {
    /// A user in a test.
    static func test(_ text: String) -> Caller {
        do {
            return .user(try UserID(text))
        } catch {
            preconditionFailure("a test uses a user id that is none")
        }
    }
}

extension Token {
    /// A token that is easy to tell from others.
    static func test(_ number: UInt64) -> Token { Token(high: 0, low: number) }
}

/// The code of what `body` throws; nil when it throws nothing of a store.
func code(_ body: () async throws -> some Any) async -> SessionStoreError.Code? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? SessionStoreError)?.code
    }
}
