import SessionStore

/// Changes sessions field by field, as the command line and the server both do: a wallet among the fields is checked and remembered by the rules of
/// `WalletMemory`, never stored as just any text.
struct SessionEditor {
    let store: any SessionStore

    /// Sets and removes fields and leaves the others; begins the session if there is none.
    func update(
        _ id: SessionID, set: SessionData, remove: Set<String>, as caller: Caller
    ) async throws(SessionStoreError) -> WriteResult {
        try SessionWrite.Change.update(set: set, remove: remove).validate()
        if let wallet = try Self.wallet(in: set) {
            return try await WalletMemory(self.store).remember(
                wallet, session: id, as: caller, beside: .update(set: set.filter { !Self.walletFields.contains($0.key) }, remove: remove))
        }
        if remove.contains(WalletFields.address) { _ = try await WalletMemory(self.store).forget(session: id, as: caller) }
        return try await self.store.update(.session(id), set: set, remove: remove.subtracting([WalletFields.address]), as: caller)
    }

    /// Replaces all fields; begins the session if there is none.
    func replace(_ id: SessionID, with data: SessionData, as caller: Caller) async throws(SessionStoreError) -> WriteResult {
        try SessionWrite.Change.replace(data).validate()
        guard let wallet = try Self.wallet(in: data) else { return try await self.store.replace(.session(id), with: data, as: caller) }
        return try await WalletMemory(self.store).remember(wallet, session: id, as: caller, beside: .replace(data))
    }

    private static let walletFields: Set<String> = [WalletFields.address, WalletFields.updatedAt]

    /// The wallet among the fields; nil when there is none. Throws `.invalidWallet`.
    private static func wallet(in data: SessionData) throws(SessionStoreError) -> WalletAddress? {
        switch data[WalletFields.address] {
        case nil: return nil
        case .string(let text): return try WalletAddress(text)
        case .number, .binary, .bool, .null, .list, .map, .stringSet, .numberSet, .binarySet:
            throw SessionStoreError(
                .invalidWallet, "a wallet address is a text, such as 0x and 40 hexadecimal digits; remove the field to forget it")
        }
    }
}
