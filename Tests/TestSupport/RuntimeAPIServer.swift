import Foundation

/// A Lambda runtime API for tests.
///
/// Source: AWS Lambda Developer Guide, "Using the Lambda runtime API".
package final class RuntimeAPIServer: Sendable {
    /// One invocation to hand out.
    package struct Invocation: Sendable {
        package var event: [UInt8]
        package var headers: [(String, String)]

        /// An event with its request id and further header fields.
        package init(_ event: [UInt8], id: String = "request-1", headers: [(String, String)] = []) {
            self.event = event
            self.headers = [("Lambda-Runtime-Aws-Request-Id", id)] + headers
        }
    }

    /// Something a runtime sent: the path below `/2018-06-01/runtime/`, its header fields (names in lower case), its body.
    package struct Message: Sendable {
        package var path: String
        package var headers: [String: String]
        package var body: [UInt8]

        package var text: String { String(decoding: self.body, as: UTF8.self) }
    }

    /// What runtimes sent, in order.
    package let messages: AsyncStream<Message>
    /// One element for each `next` that arrives.
    package let polls: AsyncStream<Void>
    /// Host and port, for `AWS_LAMBDA_RUNTIME_API`.
    package var address: String { "127.0.0.1:\(self.server.port)" }
    /// How many connections were opened so far.
    package var connections: Int { self.server.accepted }

    private let server: LoopbackServer
    private let script: Script

    /// Starts listening.
    package init() throws {
        let (messages, messageSink) = AsyncStream.makeStream(of: Message.self)
        let (polls, pollSink) = AsyncStream.makeStream(of: Void.self)
        let script = Script()
        (self.messages, self.polls, self.script) = (messages, polls, script)
        self.server = try LoopbackServer { peer, _ in
            var reader = HTTPRequestReader(peer: peer)
            while let request = reader.next(), !script.takeHangUp() {
                if request.target == "/2018-06-01/runtime/invocation/next" {
                    // Before the poll is known: whoever drops it afterwards means this one.
                    let era = script.currentEra
                    pollSink.yield()
                    guard let answer = script.nextAnswer(of: era) else { return }
                    peer.write(Self.answer(answer.status, answer.invocation.headers) + answer.invocation.event)
                } else {
                    let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { $1 }
                    messageSink.yield(Message(path: String(request.target.dropFirst(20)), headers: headers, body: request.body))
                    peer.write(Self.answer(script.takeStatus(), [("Content-Length", "0")]))
                }
            }
        }
    }

    deinit {
        self.script.dropWaiting()
    }

    /// Hands this to the next `next`; another status than 200 is the runtime API in trouble.
    package func invoke(_ invocation: Invocation, status: Int = 200) {
        var invocation = invocation
        invocation.headers.append(("Content-Length", "\(invocation.event.count)"))
        self.script.add(Script.Answer(status: status, invocation: invocation))
    }

    /// Closes the connection instead of answering, for the next `count` requests.
    package func hangUp(_ count: Int) {
        self.script.hangUp(count)
    }

    /// Closes the connections on which a runtime waits for an invocation.
    package func dropWaiting() {
        self.script.dropWaiting()
    }

    /// Answers the next posts with these statuses instead of 202.
    package func answerPosts(with statuses: [Int]) {
        self.script.answerPosts(with: statuses)
    }

    private static func answer(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
        Array(("HTTP/1.1 \(status) Status\r\n" + headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n").utf8)
    }
}

/// What the server is told to do, shared with its connections' threads.
private final class Script: @unchecked Sendable {
    // Sendable: the variables are touched under `condition` only.

    struct Answer {
        var status: Int
        var invocation: RuntimeAPIServer.Invocation
    }

    private let condition = NSCondition()
    private var answers: [Answer] = []
    private var statuses: [Int] = []
    private var hangUps = 0
    private var era = 0

    func add(_ answer: Answer) {
        self.change { self.answers.append(answer) }
    }

    func hangUp(_ count: Int) {
        self.change { self.hangUps += count }
    }

    func dropWaiting() {
        self.change { self.era += 1 }
    }

    func answerPosts(with statuses: [Int]) {
        self.change { self.statuses += statuses }
    }

    func takeHangUp() -> Bool {
        self.condition.withLock {
            guard self.hangUps > 0 else { return false }
            self.hangUps -= 1
            return true
        }
    }

    func takeStatus() -> Int {
        self.condition.withLock { self.statuses.isEmpty ? 202 : self.statuses.removeFirst() }
    }

    var currentEra: Int {
        self.condition.withLock { self.era }
    }

    /// Waits for one; nil: waits of that era were dropped.
    func nextAnswer(of era: Int) -> Answer? {
        self.condition.withLock {
            while self.answers.isEmpty, self.era == era { self.condition.wait() }
            return self.era == era ? self.answers.removeFirst() : nil
        }
    }

    private func change(_ body: () -> Void) {
        self.condition.withLock {
            body()
            self.condition.broadcast()
        }
    }
}
