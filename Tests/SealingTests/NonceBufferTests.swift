import Glibc
import TestSupport
import Testing

@testable import Sealing

@Suite("nonces")
struct NonceBufferTests {
    private func take(_ buffer: borrowing NonceBuffer) -> [UInt8]? {
        var nonce = [UInt8](repeating: 0, count: 24)
        let done = nonce.withUnsafeMutableBytes { buffer.take(into: $0.baseAddress!) }
        return done ? nonce : nil
    }

    @Test("no nonce comes twice, and the generator is asked once for 170")
    func distinct() throws {
        let asked = Observed(0)
        let buffer = NonceBuffer(
            source: NonceSource { room in
                asked.change { $0 += 1 }
                return NonceSource.system.fill(room)
            })
        var nonces: Set<[UInt8]> = []
        for _ in 0..<1700 {
            if let nonce = self.take(buffer) { nonces.insert(nonce) }
        }
        #expect(nonces.count == 1700)
        #expect(asked.value == 10)
    }

    @Test("without random bytes there is no nonce, until there are some again")
    func failing() throws {
        let works = Observed(false)
        let buffer = NonceBuffer(source: NonceSource { works.value && NonceSource.system.fill($0) })
        let before = self.take(buffer)
        #expect(before == nil)
        works.change { $0 = true }
        let after = self.take(buffer)
        #expect(after != nil)
    }

    @Test("a forked child takes none of its parent's nonces")
    func fork() throws {
        // The child's source gives zeros: what it then takes did not come from the page that it has in common with its parent.
        let parent = getpid()
        let buffer = NonceBuffer(
            source: NonceSource { room in
                if getpid() != parent {
                    for index in room.indices { room[index] = 0 }
                    return true
                }
                return NonceSource.system.fill(room)
            })
        let before = self.take(buffer)
        // Swift hides fork() because a child of several threads may do next to nothing; this one takes a nonce and ends.
        let fork = try #require(dlsym(nil, "fork"))
        let pid = unsafeBitCast(fork, to: (@convention(c) () -> pid_t).self)()
        if pid == 0 {
            var nonce: (UInt64, UInt64, UInt64) = (1, 1, 1)
            let done = withUnsafeMutableBytes(of: &nonce) { buffer.take(into: $0.baseAddress!) }
            _exit(done && nonce == (0, 0, 0) ? 42 : 1)
        }
        #expect(pid > 0)
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        #expect(status >> 8 & 0xFF == 42)
        let after = self.take(buffer)
        #expect(before != nil && after != nil && before != after)
    }
}
