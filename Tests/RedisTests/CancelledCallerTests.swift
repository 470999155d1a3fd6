import EventLoop
import Locked
import Redis
import TestSupport
import Testing

/// Who is cancelled while Redis owes a reply: the connection is shared, and stays.
@Suite(.timeLimit(.minutes(1)))
struct CancelledCallerTests {
    @Test("a cancelled caller leaves, and its reply reaches nobody else", arguments: [true, false])
    func cancellation(onLoop: Bool) async throws {
        let arrived = Event()
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            peer.read(until: "first\r\n")
            arrived.happened()
            peer.read(until: "second\r\n")
            peer.write("$1\r\n1\r\n$1\r\n2\r\n")
            peer.readToEnd()
        }
        try await withClient(port: server.port) { (client) async throws in
            let task = Task(executorPreference: onLoop ? client.loop : nil) {
                await redisError { _ = try await client.get(Array("first".utf8)) }
            }
            try await arrived.wait()
            task.cancel()
            let error = await task.value
            #expect(error?.code == .cancelled)
            #expect(error?.mayHaveExecuted == true)
            #expect(try await client.get(Array("second".utf8)) == Array("2".utf8))
            #expect(server.accepted == 1)
        }
    }

    @Test("a caller that is cancelled before it asks sends nothing", arguments: [true, false])
    func cancelledBefore(onLoop: Bool) async throws {
        let (commands, sent) = AsyncStream.makeStream(of: [UInt8].self)
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            sent.yield(peer.read())
            peer.write("$-1\r\n")
            peer.readToEnd()
        }
        try await withClient(port: server.port) { (client) async throws in
            try await client.connect()
            let gate = Gate()
            let task = Task(executorPreference: onLoop ? client.loop : nil) {
                await gate.pass()
                return await redisError { _ = try await client.get(Array("first".utf8)) }
            }
            task.cancel()
            gate.open()
            let error = await task.value
            #expect(error?.code == .cancelled)
            #expect(error?.mayHaveExecuted == false)
            #expect(try await client.get(Array("second".utf8)) == nil)
            for await command in commands {
                #expect(command == Array("*2\r\n$3\r\nGET\r\n$6\r\nsecond\r\n".utf8))
                break
            }
        }
    }

    @Test("a caller who waits for the connection may leave, and its command is never sent")
    func cancelledWhileConnecting() async throws {
        let arrived = Event()
        let server = try LoopbackServer { peer, _ in
            peer.read(until: "PING\r\n")
            arrived.happened()
            // The greeting is answered by the test's second command only.
            peer.readToEnd()
        }
        try await withClient(port: server.port) { (client) async throws in
            let task = Task { await redisError { _ = try await client.get(Array("first".utf8)) } }
            try await arrived.wait()
            #expect(client.connectionState == .connecting)
            task.cancel()
            let error = await task.value
            #expect(error?.code == .cancelled)
            #expect(error?.mayHaveExecuted == false)
            let late = await redisError { try await client.send([Array("GET".utf8), [1]], timeout: .milliseconds(1)) }
            #expect(late?.code == .timedOut)
            #expect(late?.mayHaveExecuted == false)
        }
    }

    @Test("a caller who waits for long has a cancellation handler, and still gets the reply if there is one", arguments: [true, false])
    func late(isCancelled: Bool) async throws {
        let arrived = Event()
        let (answers, answer) = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            peer.read(until: "first\r\n")
            arrived.happened()
            peer.read(until: "second\r\n")
            answer.yield()
            peer.read(until: "third\r\n")
            peer.write("$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n")
            peer.readToEnd()
        }
        try await withClient(port: server.port) { (client) async throws in
            let task = Task { try await client.get(Array("first".utf8)) }
            try await arrived.wait()
            // By the deadline of the second command the connection has looked at the first one more than twice.
            let timeout = Duration.milliseconds(50)
            let second = await redisError { try await client.send([Array("GET".utf8), Array("second".utf8)], timeout: timeout) }
            #expect(second?.code == .timedOut)
            for await _ in answers { break }
            if isCancelled {
                task.cancel()
                let error = await redisError { _ = try await task.value }
                #expect(error?.code == .cancelled)
                #expect(error?.mayHaveExecuted == true)
            }
            #expect(try await client.get(Array("third".utf8)) == Array("3".utf8))
            if !isCancelled { #expect(try await task.value == Array("1".utf8)) }
            #expect(server.accepted == 1)
        }
    }

    @Test("a cancelled caller leaves although bytes keep coming in")
    func trickle() async throws {
        let arrived = Event()
        let isOver = Locked(false)
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            peer.read(until: "first\r\n")
            peer.write("$8000000\r\n")
            arrived.happened()
            for _ in 0..<8_000_000 where !isOver.withLock({ $0 }) { peer.write("x") }
        }
        try await withClient(port: server.port) { (client) async throws in
            let task = Task { await redisError { _ = try await client.get(Array("first".utf8)) } }
            try await arrived.wait()
            task.cancel()
            #expect(await task.value?.code == .cancelled)
            isOver.withLock { $0 = true }
            #expect(server.accepted == 1)
        }
    }
}
