package import CacheStore
package import Redis

/// One Redis key as the scripts see it: the state table of DESIGN section 3 as a pure transition function.
///
/// It mirrors the Lua of `Sources/CacheStore/Scripts`; a differential test holds the two together.
package struct KeyState: Hashable, Sendable {
    /// What the key holds.
    package enum Value: Hashable, Sendable {
        case none
        /// Live, tombstone or absent.
        case entry(version: Int64, bytes: [UInt8])
        case lease(Token, bytes: [UInt8])
        case intent(Intent)
        case bad([UInt8])
        /// Another Redis type, which GET refuses to read.
        case foreign
    }

    /// Writers at work.
    package struct Intent: Hashable, Sendable {
        /// The highest version published meanwhile.
        package var highest: Int64
        /// Whether a writer was pruned.
        package var isMarked: Bool
        /// In the order in which they came.
        package var writers: [Writer]

        package init(highest: Int64, isMarked: Bool, writers: [Writer]) {
            self.highest = highest
            self.isMarked = isMarked
            self.writers = writers
        }

        var latestDeadline: Int64? { self.writers.map(\.deadline).max() }

        func holds(_ token: [UInt8]) -> Bool { self.writers.contains { $0.token == token } }
    }

    /// One writer.
    package struct Writer: Hashable, Sendable {
        package var token: [UInt8]
        /// Milliseconds of the server's clock.
        package var deadline: Int64

        package init(token: [UInt8], deadline: Int64) {
            self.token = token
            self.deadline = deadline
        }
    }

    /// The server at the moment of a script.
    package struct Server: Sendable {
        /// Milliseconds of its clock.
        package var now: Int64
        /// Whether it has memory for what SET would store.
        package var hasMemory = true
        /// A simplification that the scripts are to have; nil: the protocol.
        package var weakness: WeakRule?

        package init(now: Int64, hasMemory: Bool = true, weakness: WeakRule? = nil) {
            self.now = now
            self.hasMemory = hasMemory
            self.weakness = weakness
        }
    }

    package var value = Value.none
    /// When the key ends, in the server's milliseconds; nil: never.
    package var end: Int64?

    package init() {}

    package init(bytes: [UInt8]?, end: Int64? = nil) {
        self.value = bytes.map(Self.parse) ?? .none
        self.end = end
    }

    /// What GET answers, and what stands for it in scripts where GET refuses.
    package var bytes: [UInt8]? {
        switch self.value {
        case .none: nil
        case .entry(_, let bytes), .lease(_, let bytes), .bad(let bytes): bytes
        case .intent(let intent): Self.bytes(of: intent)
        case .foreign: [UInt8(ascii: "?")]
        }
    }

    /// The intent, if there is one.
    package var intent: Intent? {
        if case .intent(let intent) = self.value { intent } else { nil }
    }

    /// Removes what has ended.
    package mutating func expire(now: Int64) {
        if let end = self.end, end < now { self = KeyState() }
    }

    /// Runs a script as the server would.
    package mutating func run(_ script: CacheScript, _ arguments: [[UInt8]], _ server: Server) -> RedisReply {
        self.expire(now: server.now)
        return switch script {
        case .lease: self.lease(arguments, server)
        case .fill: self.fill(arguments, server)
        case .intent: self.intent(arguments, server)
        case .publish: self.publish(arguments, server)
        case .withdraw: self.withdraw(arguments, server)
        case .refresh: self.refresh(arguments, server)
        case .replay: self.replay(arguments, server)
        }
    }
}
