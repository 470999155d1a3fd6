import SessionStore
import Testing

@Suite("What an item can hold")
struct SessionValueTests {
    @Test(
        "numbers in DynamoDB's range are accepted",
        arguments: [
            "0", "-0", "00.00", "+1", "1.", ".5", "1e125", "9.9999999999999999999999999999999999999E+125", "1E-130", "-1e-130",
            "00012345678901234567890123456789012345678000e3", "0e999999999999999999999", "1E+00000000000000000000000000003",
        ])
    func numbers(text: String) throws {
        try SessionValue.number(text).validate()
    }

    @Test(
        "other numbers are refused with a sentence",
        arguments: [
            "", "-", "+", ".", "e5", "1e", "1e+", "1 ", " 1", "1,5", "0x1", "NaN", "inf", "--1", "1.2.3", "1e1.5", "１", "1e126", "-1e126",
            "1e-131",
            "1e99999999999999999999", "123456789012345678901234567890123456789",
        ])
    func notNumbers(text: String) {
        let error = #expect(throws: SessionStoreError.self) { try SessionValue.number(text).validate() }
        #expect(error?.code == .invalidValue)
    }

    @Test("two spellings of a number are one number")
    func spellings() throws {
        #expect(try DecimalNumber("1200") == DecimalNumber("+1.200e3"))
        #expect(try DecimalNumber("-0.0") == DecimalNumber("0"))
        #expect(try DecimalNumber("-1") != DecimalNumber("1"))
        #expect(try DecimalNumber("10") != DecimalNumber("1"))
    }

    @Test("sizes follow DynamoDB's rules")
    func sizes() {
        #expect(SessionValue.string("ü€").itemSize == 5)
        #expect(SessionValue.binary([1, 2, 3]).itemSize == 3)
        #expect(SessionValue.null.itemSize == 1)
        #expect(SessionValue.bool(true).itemSize == 1)
        #expect(SessionValue.number("1000").itemSize == 2)
        #expect(SessionValue.number("-123").itemSize == 4)
        #expect(SessionValue.list(["ab", .null]).itemSize == 3 + 3 + 2)
        #expect(SessionValue.map(["key": "ab"]).itemSize == 3 + 3 + 2 + 1)
        #expect(SessionValue.stringSet(["ab", "c"]).itemSize == 3)
        #expect(SessionValue.binarySet([[1], [2, 3]]).itemSize == 3)
    }

    @Test("a value that alone exceeds an item is too large")
    func tooLarge() {
        let error = #expect(throws: SessionStoreError.self) {
            try SessionValue.string(String(repeating: "x", count: SessionLimits.itemBytes + 1)).validate()
        }
        #expect(error?.code == .tooLarge)
    }

    @Test("nesting is bounded without following it to the end of the stack")
    func nesting() {
        let deep = (0..<2000).reduce(SessionValue.null) { value, _ in .map(["m": value]) }
        let error = #expect(throws: SessionStoreError.self) { try deep.validate() }
        #expect(error?.code == .invalidValue)
    }

    @Test("ids outside their alphabet or length are refused, and the sentence does not repeat them")
    func ids() throws {
        for text in ["", "a", String(repeating: "a", count: 101), "a b", "a#b", "a/b", "ä-id", "user#ann", "a\n"] {
            let error = #expect(throws: SessionStoreError.self) { try SessionID(text) }
            #expect(error?.code == .invalidSessionID)
        }
        for text in ["", String(repeating: "a", count: 129), "a b", "a#b", "{a}", "ä", "a\u{7F}"] {
            let error = #expect(throws: SessionStoreError.self) { try UserID(text) }
            #expect(error?.code == .invalidUserID)
        }
        #expect(try SessionKey.user(UserID("ann@example.org")).rawValue == "user#ann@example.org")
        #expect(try SessionID("Az09._:-").rawValue == "Az09._:-")
    }
}
