import Testing

@testable import Redis

/// The vectors of the cluster specification, and those that redis-server's CLUSTER KEYSLOT answers.
struct HashSlotTests {
    @Test(
        "a key has the slot that Redis gives it",
        arguments: [
            ("123456789", 0x31C3), ("foo", 12_182), ("bar", 5061), ("hello", 866), ("", 0), ("bs1:sessions:session-1", 12_664),
            ("{user1000}.following", 3443), ("{user1000}.followers", 3443), ("user1000", 3443), ("foo{}{bar}", 8363),
            ("foo{{bar}}zap", 4015), ("{bar", 4015), ("foo{bar}{zap}", 5061), ("foo{bar", 15_278), ("}{bar}", 5061),
        ])
    func vectors(key: String, slot: Int) {
        #expect(Int(HashSlot(of: Array(key.utf8)).number) == slot)
    }

    @Test("a number outside of the slots is none")
    func bounds() {
        #expect(HashSlot(0)?.number == 0)
        #expect(HashSlot(16_383)?.number == 16_383)
        #expect(HashSlot(16_384) == nil)
        #expect(HashSlot(-1) == nil)
    }
}
