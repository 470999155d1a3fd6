import Testing

@testable import Redis

struct ReadShareTests {
    @Test("many replies are taken by halves, by the size that they had lately")
    func half() {
        var share = ReadShare()
        share.arrived(bytes: 12_800, replies: 100)
        #expect(share.bytes(owed: 100) == 6400)
        #expect(share.bytes(owed: 64) == 4096)
        share.arrived(bytes: 1000, replies: 100)
        #expect(share.bytes(owed: 100) == 500)
    }

    @Test("few are taken at once")
    func few() {
        var share = ReadShare()
        share.arrived(bytes: 12_800, replies: 100)
        #expect(share.bytes(owed: 31) == ReadShare.most)
        #expect(share.bytes(owed: 0) == ReadShare.most)
    }

    @Test("so are the first, of which nothing is known, and never more than the buffer holds")
    func bounds() {
        var share = ReadShare()
        #expect(share.bytes(owed: 1000) == ReadShare.most)
        share.arrived(bytes: 65_536, replies: 2)
        #expect(share.bytes(owed: 1000) == ReadShare.most)
    }

    @Test("a read that ends no reply says nothing of their size")
    func part() {
        var share = ReadShare()
        share.arrived(bytes: 12_800, replies: 100)
        share.arrived(bytes: 4096, replies: 0)
        #expect(share.bytes(owed: 100) == 6400)
    }
}
