import Dispatch
import EventLoop
import Glibc
import Redis
import TestSupport
import Testing

/// A task that keeps the loop to itself: timers that were due meanwhile run before the sockets are read.
@Suite(.timeLimit(.minutes(1)))
struct BusyLoopTests {
    private static let patience = Duration.milliseconds(300)
    private static let silence = Duration.milliseconds(20)

    @Test("replies that arrived while a task kept the loop for longer than their commands' time are neither late nor silence")
    func repliesInTheSocket() async throws {
        let (kept, answered) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            peer.read(until: "last\r\n")
            kept.wait()
            peer.write("$5\r\nfirst\r\n$4\r\nlast\r\n")
            answered.signal()
            while peer.read(until: "key\r\n") { peer.write("$2\r\nok\r\n") }
        }
        try await withClient(port: server.port, configure: { $0.silenceLimit = Self.silence }) { (client) async throws in
            try await client.connect()
            let loop = client.loop
            let readings = ["first", "last"].map { key in
                Task(executorPreference: loop) {
                    try await client.send([Array("GET".utf8), Array(key.utf8)], timeout: Self.patience)
                }
            }
            // The commands leave at the end of this turn, or have left; at the end of the next one the loop is kept.
            loop.execute {
                loop.atEndOfTurn {
                    loop.atEndOfTurn {
                        kept.signal()
                        #expect(answered.wait(timeout: .now() + .seconds(20)) == .success)
                        usleep(useconds_t((Self.patience + Self.silence).components.attoseconds / 1_000_000_000_000) + 30_000)
                    }
                }
            }
            #expect(try await readings[0].value == .bytes(Array("first".utf8)))
            #expect(try await readings[1].value == .bytes(Array("last".utf8)))
            #expect(try await client.get(Array("key".utf8)) == Array("ok".utf8))
            #expect(server.accepted == 1)
        }
    }
}
