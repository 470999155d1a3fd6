import Glibc
import TestSupport
import Testing

@Suite("A TCP proxy that does what networks do", .timeLimit(.minutes(1)))
struct FaultProxyTests {
    private let echo: LoopbackServer
    private let proxy: FaultProxy
    /// What the server behind the proxy has read.
    private let received = Observed<[UInt8]>([])

    init() throws {
        let received = self.received
        self.echo = try LoopbackServer { peer, _ in
            while true {
                let bytes = peer.read()
                if bytes.isEmpty { return }
                received.change { $0 += bytes }
                peer.write(bytes)
            }
        }
        self.proxy = try FaultProxy(to: self.echo.port)
    }

    @Test("without a fault bytes and ends pass in both directions, and are counted")
    func transparent() async throws {
        let client = try Client(port: self.proxy.port)
        let text = [UInt8](repeating: 7, count: 1_000_000)
        async let sent: Void = blocking { client.write(text) }
        #expect(await blocking { client.read(text.count) } == text)
        await sent
        client.endWriting()
        #expect(await blocking { client.read(1) } == [])
        try await self.proxy.wait { $0.open == 0 }
        let counts = self.proxy.counts
        #expect(counts.accepted == 1 && counts.cut == 0 && counts.swallowed == 0)
        #expect(counts.requestBytes == text.count && counts.replyBytes == text.count)
    }

    @Test("a delay holds each byte that long in each direction, and loses nothing when it ends")
    func delay() async throws {
        let client = try Client(port: self.proxy.port)
        await self.proxy.set(.delay(.milliseconds(50)))
        let clock = ContinuousClock()
        let elapsed = await clock.measure {
            client.write([1, 2])
            #expect(await blocking { client.read(2) } == [1, 2])
        }
        #expect(elapsed >= .milliseconds(100))
        await self.proxy.set(.delay(.seconds(600)))
        client.write([3])
        await self.proxy.set(.none)
        #expect(await blocking { client.read(1) } == [3])
    }

    @Test("split bytes arrive one by one and in order")
    func split() async throws {
        let client = try Client(port: self.proxy.port)
        await self.proxy.set(.split(1, every: .seconds(600)))
        client.write(Array("split".utf8))
        try await self.received.wait { !$0.isEmpty }
        #expect(self.received.value == Array("s".utf8))
        await self.proxy.set(.split(2, every: .milliseconds(1)))
        #expect(await blocking { client.read(5) } == Array("split".utf8))
        await self.proxy.set(.split(1))
        client.write(Array("without a pause".utf8))
        #expect(await blocking { client.read(15) } == Array("without a pause".utf8))
    }

    @Test("a slow reader makes who writes wait, and gets everything")
    func slowRead() async throws {
        let client = try Client(port: self.proxy.port)
        await self.proxy.set(.slowRead(10, every: .seconds(600)))
        let text = [UInt8](repeating: 9, count: 12_000_000)
        let isWritten = Event()
        let writing = Task {
            await blocking { client.write(text) }
            isWritten.happened()
        }
        try await self.proxy.wait { $0.requestBytes == 10 }
        #expect(self.received.value.count <= 10)
        await self.proxy.set(.none)
        #expect(await blocking { client.read(text.count) } == text)
        await writing.value
        try await isWritten.wait()
    }

    @Test("refused connections are refused by the system, open ones reset, and the port is kept")
    func refuse() async throws {
        let client = try Client(port: self.proxy.port)
        client.write([1])
        #expect(await blocking { client.read(1) } == [1])
        await self.proxy.set(.refuse)
        #expect(client.problem == ECONNRESET)
        #expect(throws: Client.Refused.self) { try Client(port: self.proxy.port) }
        #expect(self.proxy.counts.open == 0 && self.proxy.counts.cut == 1)
        await self.proxy.set(.none)
        let next = try Client(port: self.proxy.port)
        next.write([2])
        #expect(await blocking { next.read(1) } == [2])
    }

    @Test("a half-open connection is silent, and stays so when others work again")
    func halfOpen() async throws {
        let old = try Client(port: self.proxy.port)
        old.write([1])
        #expect(await blocking { old.read(1) } == [1])
        await self.proxy.set(.halfOpen)
        let silent = try Client(port: self.proxy.port)
        old.write([2])
        silent.write([3, 4])
        try await self.proxy.wait { $0.swallowed == 3 }
        await self.proxy.set(.none)
        old.write([5])
        try await self.proxy.wait { $0.swallowed == 4 }
        let new = try Client(port: self.proxy.port)
        new.write([6])
        #expect(await blocking { new.read(1) } == [6])
        #expect(self.received.value == [1, 6])
        #expect(!old.hasSomething && !silent.hasSomething)
        old.endWriting()
        silent.endWriting()
        try await self.proxy.wait { $0.open == 1 }
    }

    @Test("lost answers: what is asked arrives, what is answered does not")
    func losingReplies() async throws {
        let client = try Client(port: self.proxy.port)
        await self.proxy.set(.losingReplies)
        client.write([1, 2])
        try await self.proxy.wait { $0.swallowed == 2 }
        await self.proxy.set(.none)
        client.write([3])
        try await self.received.wait { $0 == [1, 2, 3] }
        try await self.proxy.wait { $0.swallowed == 3 }
        #expect(!client.hasSomething)
    }

    @Test("an answer is cut after so many bytes, once")
    func cutReply() async throws {
        let client = try Client(port: self.proxy.port)
        client.write([1])
        #expect(await blocking { client.read(1) } == [1])
        await self.proxy.set(.cutReply(after: 3))
        client.write([2, 3, 4, 5, 6])
        #expect(await blocking { client.read(3) } == [2, 3, 4])
        #expect(client.problem == ECONNRESET)
        let next = try Client(port: self.proxy.port)
        next.write([2, 3, 4, 5, 6])
        #expect(await blocking { next.read(5) } == [2, 3, 4, 5, 6])
        #expect(self.proxy.counts.cut == 1)
    }

    @Test("open connections are ended on demand, in order or with a reset", arguments: [true, false])
    func cut(reset: Bool) async throws {
        let client = try Client(port: self.proxy.port)
        client.write([1])
        #expect(await blocking { client.read(1) } == [1])
        await self.proxy.cut(reset: reset)
        #expect(client.problem == (reset ? ECONNRESET : 0))
        let next = try Client(port: self.proxy.port)
        next.write([2])
        #expect(await blocking { next.read(1) } == [2])
    }

    @Test("where nobody listens behind it a connection ends with a reset")
    func deadServer() async throws {
        let proxy = try FaultProxy(to: try freePort())
        let client = try Client(port: proxy.port)
        #expect(await blocking { client.read(1) } == [])
        try await proxy.wait { $0.accepted == 1 && $0.open == 0 }
    }

    @Test("a forgotten proxy gives its port back")
    func forgotten() async throws {
        var proxy: FaultProxy? = try FaultProxy(to: self.echo.port)
        let port = try #require(proxy?.port)
        let client = try Client(port: port)
        client.write([1])
        #expect(await blocking { client.read(1) } == [1])
        proxy = nil
        #expect(await blocking { client.read(1) } == [])
        while (try? Client(port: port)) != nil {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}

/// A connection with blocking calls.
private final class Client: Sendable {
    struct Refused: Error {}

    private let descriptor: Int32

    init(port: Int) throws {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        let code = withUnsafeBytes(of: &address) { bytes in
            connect(self.descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        if code != 0 { throw Refused() }
    }

    deinit {
        close(self.descriptor)
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    /// What is there, or the next that comes; empty at the end.
    func readSome(_ most: Int = 65536) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: most)
        let count = recv(self.descriptor, &buffer, buffer.count, 0)
        return Array(buffer[..<max(0, count)])
    }

    /// That many bytes, or fewer at the end.
    func read(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = self.readSome(count - bytes.count)
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }

    /// The error that the next read ends with; 0 for an end in order.
    var problem: Int32 {
        var byte: UInt8 = 0
        return recv(self.descriptor, &byte, 1, 0) < 0 ? errno : 0
    }

    /// Whether there are bytes, or the end, to read.
    var hasSomething: Bool {
        var readiness = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&readiness, 1, 0) > 0
    }

    func endWriting() {
        shutdown(self.descriptor, Int32(SHUT_WR))
    }
}
