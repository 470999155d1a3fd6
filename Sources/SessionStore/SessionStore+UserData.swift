/// The calls that deployments of this table know by name, in Swift's spelling.
extension SessionStore {
    /// Stores fields of a session and leaves its others; begins the session if there is none. (`store_user_data`)
    ///
    /// A `wallet_address` among them is checked and remembered as `storeWalletAddress` does. Throws `.invalidWallet` before anything is stored.
    @discardableResult
    public func storeUserData(
        _ data: SessionData, for session: SessionID, as caller: Caller = .anonymous
    ) async throws(SessionStoreError) -> WriteResult {
        guard case .string(let address)? = data[WalletFields.address] else {
            return try await self.update(.session(session), set: data, as: caller)
        }
        let wallet = try WalletAddress(address)
        let others = data.filter { $0.key != WalletFields.address && $0.key != WalletFields.updatedAt }
        try SessionWrite.Change.update(set: others, remove: []).validate()
        let result = try await WalletMemory(self).remember(wallet, session: session, as: caller)
        return others.isEmpty ? result : try await self.update(.session(session), set: others, as: caller)
    }

    /// The fields of a session; nil when there is none. (`get_user_data`)
    public func getUserData(for session: SessionID, as caller: Caller = .anonymous) async throws(SessionStoreError) -> SessionData? {
        try await self.session(.session(session), as: caller)?.data
    }

    /// Checks a wallet address and remembers it, for a known user beyond this session; see `WalletMemory`. (`store_wallet_address`)
    ///
    /// Returns the address in its normal form. Throws `.invalidWallet` before anything is stored.
    @discardableResult
    public func storeWalletAddress(
        _ address: some StringProtocol, for session: SessionID, as caller: Caller = .anonymous
    ) async throws(SessionStoreError) -> WalletAddress {
        let wallet = try WalletAddress(address)
        try await WalletMemory(self).remember(wallet, session: session, as: caller)
        return wallet
    }

    /// The wallet that is remembered; nil when there is none. Where a session and its user's memory disagree, the memory's. (`get_wallet_address`)
    public func getWalletAddress(
        for session: SessionID, as caller: Caller = .anonymous
    ) async throws(SessionStoreError) -> WalletAddress? {
        switch try await WalletMemory(self).recall(session: session, as: caller) {
        case .none: nil
        case .wallet(let recalled): recalled.wallet
        case .conflict(_, let memory): memory.wallet
        }
    }
}

/// A store whose table has to be created before its first use.
public protocol TableCreating: Sendable {
    /// Creates the table with all it needs, and returns when it can be used. Does nothing where it exists and is right. (`create_table`)
    func createTable() async throws(SessionStoreError)
}
