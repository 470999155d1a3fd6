/// The wallet that an agent remembers: in the session and, when the user is known, in that user's memory, which outlives sessions.
///
/// With a known user the memory (`user#<user id>`) is authoritative and written first; the session holds a copy that counts only where the memory has
/// no record. Forgetting leaves a dated mark in the memory that outranks older copies in other sessions. A call has succeeded when both are written.
/// Operators act on the memory of the session's owner.
public struct WalletMemory: Sendable {
    private let fields: FieldMemory

    /// A memory kept in `store`, dated by `clock`.
    public init(_ store: any SessionStore, clock: any SessionClock = SystemClock()) {
        self.fields = FieldMemory(store, clock: clock)
    }

    /// What is remembered. Throws `.notOwner` for another user's session, `.malformedItem` for a stored address that is none, and what the store throws.
    public func recall(
        session id: SessionID, as caller: Caller, consistency: ReadConsistency = .cached
    ) async throws(SessionStoreError) -> WalletRecollection {
        WalletRecollection(try await self.fields.items(id, caller, consistency).recall(.wallet))
    }

    /// Remembers a wallet: in the user's memory first, then in the session, which a known user claims by this. The wallet that it takes the place of and
    /// the time of the change are kept beside it.
    ///
    /// It asks nobody: this is the application's own word. An agent's goes through `BedrockAdapter`, which has a change confirmed by the user.
    ///
    /// If it throws, the memory may have it already: call again. Throws `.notOwner` for another user's session, and what the store throws.
    ///
    /// - Parameter other: An update or replacement of the session's other fields, which is made with the wallet in one write: no reader sees the one
    ///   without the other.
    @discardableResult
    public func remember(
        _ wallet: WalletAddress, session id: SessionID, as caller: Caller, beside other: SessionWrite.Change? = nil
    ) async throws(SessionStoreError) -> WriteResult {
        // The session is read first: nothing is written to a memory on behalf of somebody else's session.
        let items = try await self.fields.items(id, caller, .cached)
        return try await self.fields.remember([.wallet: .wallet(wallet)], in: items, as: caller, beside: other)
    }

    /// Forgets the wallet, in the user's memory first. False when there was nothing to forget in either.
    ///
    /// If it throws, the memory may have forgotten already: call again. Throws `.notOwner` for another user's session, and what the store throws.
    @discardableResult
    public func forget(session id: SessionID, as caller: Caller) async throws(SessionStoreError) -> Bool {
        let items = try await self.fields.items(id, caller, .strong)
        return try await self.fields.forget(.wallet, in: items, as: caller)
    }
}
