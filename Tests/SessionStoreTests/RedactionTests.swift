import SessionStore
import Testing

@Suite("What ids and wallets show of themselves")
struct RedactionTests {
    @Test("interpolating or dumping an id or a wallet shows nothing of it")
    func redacted() throws {
        let session = try SessionID("secret-session")
        let user = try UserID("secret-user")
        let wallet = try WalletAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
        let keys: [Any] = [session, user, wallet, SessionKey.session(session), SessionKey.user(user), Caller.user(user)]
        for value in keys {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains("secret") && !text.contains("5aAe"))
            }
        }
    }

    @Test("the text is there for whoever asks for it")
    func text() throws {
        #expect(SessionKey.session(try SessionID("secret-session")).rawValue == "secret-session")
        #expect(try UserID("secret-user").rawValue == "secret-user")
    }

    @Test("a key's text leads back to the key, and no other text does")
    func keys() throws {
        let keys = [
            SessionKey.session(try SessionID("s-1")), .user(try UserID("ada")), .call(CallKey(digest: (0..<32).map { UInt8($0) })),
        ]
        for key in keys { #expect(SessionKey(rawValue: key.rawValue) == key) }
        for text in ["", "a", "a#b", "user#", "user#a b", "call#", "call#00", "call#" + String(repeating: "G", count: 64)] {
            #expect(SessionKey(rawValue: text) == nil)
        }
    }
}
