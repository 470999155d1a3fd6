import SessionStore
import Testing

@Suite("Keccak-256")
struct Keccak256Tests {
    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined() }.joined()
    }

    @Test(
        "the published digests come out",
        arguments: [
            ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
            ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
            ("The quick brown fox jumps over the lazy dog", "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"),
            ("transfer(address,uint256)", "a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b"),
        ])
    func published(message: String, digest: String) {
        #expect(Self.hex(Keccak256.digest(Array(message.utf8))) == digest)
    }

    @Test("messages around the block length have distinct digests of 32 bytes")
    func blockEdges() {
        let digests = (130...140).map { Keccak256.digest([UInt8](repeating: 0x61, count: $0)) }
        #expect(digests.allSatisfy { $0.count == 32 })
        #expect(Set(digests).count == digests.count)
    }
}
