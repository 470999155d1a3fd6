// Ids are credentials and wallets are private: none of them shows in a log, an error or a test's output because somebody interpolated it.

extension SessionID: CustomStringConvertible, CustomReflectable {
    /// Not the id: that is `rawValue`.
    public var description: String { "a session id" }
    /// Without the id.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension UserID: CustomStringConvertible, CustomReflectable {
    /// Not the id: that is `rawValue`.
    public var description: String { "a user id" }
    /// Without the id.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension WalletAddress: CustomStringConvertible, CustomReflectable {
    /// Not the address: that is `text`.
    public var description: String { "a wallet address (\(self.chain.name))" }
    /// Without the address.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
