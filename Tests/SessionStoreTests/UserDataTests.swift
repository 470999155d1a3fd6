import SessionStore
import Testing

@Suite("The calls that deployments know by name", .timeLimit(.minutes(1)))
struct UserDataTests {
    let store = MemoryStore()
    let session: SessionID
    let user: UserID

    init() throws {
        self.session = try SessionID("session-1")
        self.user = try UserID("ann")
    }

    @Test("user data are stored field by field and come back")
    func userData() async throws {
        #expect(try await self.store.getUserData(for: self.session) == nil)
        try await self.store.storeUserData(["name": "Ann"], for: self.session)
        try await self.store.storeUserData(["age": 42], for: self.session)
        #expect(try await self.store.getUserData(for: self.session) == ["name": "Ann", "age": 42])
    }

    @Test("a wallet address is checked, normalised, and known in the user's next session")
    func wallet() async throws {
        #expect(try await self.store.getWalletAddress(for: self.session) == nil)
        let lower = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
        let stored = try await self.store.storeWalletAddress(lower, for: self.session, as: .user(self.user))
        #expect(stored.text == "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
        let next = try SessionID("session-2")
        #expect(try await self.store.getWalletAddress(for: next, as: .user(self.user)) == stored)
        #expect(try await self.store.getUserData(for: self.session, as: .user(self.user))?["wallet_address"] == .string(stored.text))
    }

    @Test("a wrong address is refused before anything is stored")
    func wrongWallet() async throws {
        let wrong = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee"
        let error = await #expect(throws: SessionStoreError.self) { try await self.store.storeWalletAddress(wrong, for: self.session) }
        #expect(error?.code == .invalidWallet)
        let other = await #expect(throws: SessionStoreError.self) {
            try await self.store.storeUserData(["name": "Ann", "wallet_address": .string(wrong)], for: self.session)
        }
        #expect(other?.code == .invalidWallet)
        #expect(self.store.count == 0)
    }

    @Test("a wallet among user data is remembered like any other")
    func walletAmongData() async throws {
        let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
        let result = try await self.store.storeUserData(
            ["name": "Ann", "wallet_address": .string(address.lowercased())], for: self.session, as: .user(self.user))
        #expect(result.session?.data["name"] == "Ann")
        #expect(result.session?.data["wallet_address"] == .string(address))
        #expect(try await self.store.getWalletAddress(for: try SessionID("session-2"), as: .user(self.user))?.text == address)
    }
}
