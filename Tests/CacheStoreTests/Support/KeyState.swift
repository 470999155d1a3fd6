import CacheStore
import Redis

/// One Redis key as the scripts see it: the state table of DESIGN section 3 as a pure transition function.
///
/// It mirrors the Lua of `Sources/CacheStore/Scripts`; a differential test holds the two together.
struct KeyState: Hashable {
    enum Value: Hashable {
        case none
        /// Live, tombstone or absent.
        case entry(version: Int64, bytes: [UInt8])
        case lease(Token, bytes: [UInt8])
        case intent(Intent)
        case bad([UInt8])
    }

    struct Intent: Hashable {
        var highest: Int64
        var isMarked: Bool
        var writers: [Writer]

        var latestDeadline: Int64? { self.writers.map(\.deadline).max() }
    }

    struct Writer: Hashable {
        var token: [UInt8]
        var deadline: Int64
    }

    var value = Value.none
    /// When the key ends, in the server's milliseconds; nil: never.
    var end: Int64?

    init() {}

    init(bytes: [UInt8]?, end: Int64? = nil) {
        self.value = bytes.map(Self.parse) ?? .none
        self.end = end
    }

    /// What GET answers.
    var bytes: [UInt8]? {
        switch self.value {
        case .none: nil
        case .entry(_, let bytes), .lease(_, let bytes), .bad(let bytes): bytes
        case .intent(let intent): Self.bytes(of: intent)
        }
    }

    /// Runs a script as the server would, at its time `now`.
    mutating func run(_ script: CacheScript, _ arguments: [[UInt8]], now: Int64) -> RedisReply {
        if let end = self.end, end < now { self = KeyState() }
        return switch script {
        case .lease: self.lease(arguments, now: now)
        case .fill: self.fill(arguments, now: now)
        case .intent: self.intent(arguments, now: now)
        case .publish: self.publish(arguments, now: now)
        case .withdraw: self.withdraw(arguments, now: now)
        case .refresh: self.refresh(arguments, now: now)
        case .replay: self.replay(arguments, now: now)
        }
    }
}

extension KeyState {
    private mutating func lease(_ arguments: [[UInt8]], now: Int64) -> RedisReply {
        let seen = arguments.count > 2 ? arguments[2] : nil
        guard self.bytes == nil || self.bytes == seen else { return .integer(0) }
        self = KeyState(bytes: Array("R".utf8) + arguments[0], end: now + Self.number(arguments[1]))
        return .integer(1)
    }

    private mutating func fill(_ arguments: [[UInt8]], now: Int64) -> RedisReply {
        guard case .lease(_, let bytes) = self.value, bytes.dropFirst().elementsEqual(arguments[0]) else { return .integer(0) }
        return .integer(self.store(arguments[1], arguments[2], arguments[3], now: now) ? 1 : 0)
    }

    private mutating func refresh(_ arguments: [[UInt8]], now: Int64) -> RedisReply {
        guard let bytes = self.bytes, bytes == arguments[0], "LTA".utf8.contains(bytes.first ?? 0) else { return .integer(0) }
        _ = self.store(arguments[1], arguments[2], arguments[3], now: now)
        return .integer(1)
    }

    private mutating func intent(_ arguments: [[UInt8]], now: Int64) -> RedisReply {
        var intent = Intent(highest: 0, isMarked: false, writers: [])
        var replaced = RedisReply.null
        switch self.value {
        case .intent(let theirs): intent = Self.pruned(theirs, now: now)
        case .entry(_, let bytes): replaced = .bytes(bytes)
        case .none, .lease, .bad: break
        }
        intent.writers.removeAll { $0.token == arguments[0] }
        intent.writers.append(Writer(token: arguments[0], deadline: now + Self.number(arguments[1])))
        self.keep(intent)
        return .array([.integer(1), replaced])
    }

    private mutating func publish(_ arguments: [[UInt8]], now: Int64) -> RedisReply {
        guard self.value != .none else { return Self.word("none") }
        guard case .intent(let theirs) = self.value else {
            self = KeyState()
            return Self.word("removed")
        }
        var intent = Self.pruned(theirs, now: now)
        let mine = Self.number(arguments[1])
        let held = intent.writers.contains { $0.token == arguments[0] }
        intent.writers.removeAll { $0.token == arguments[0] }
        intent.highest = max(intent.highest, mine)
        guard held, intent.writers.isEmpty, !intent.isMarked, intent.highest == mine else {
            self.keep(intent)
            return Self.word(self.value == .none ? "removed" : "left")
        }
        return Self.word(self.store(arguments[2], arguments[3], arguments[4], now: now) ? "stored" : "removed")
    }

    private mutating func withdraw(_ arguments: [[UInt8]], now: Int64) -> RedisReply {
        guard case .intent(let theirs) = self.value else { return .integer(0) }
        var intent = Self.pruned(theirs, now: now)
        intent.writers.removeAll { $0.token == arguments[0] }
        self.keep(intent)
        return .integer(1)
    }

    private mutating func replay(_ arguments: [[UInt8]], now: Int64) -> RedisReply {
        let mine = Self.number(arguments[0])
        switch self.value {
        case .none:
            return Self.word("none")
        case .intent(let theirs):
            var intent = Self.pruned(theirs, now: now)
            intent.highest = max(intent.highest, mine)
            self.keep(intent)
            return Self.word(self.value == .none ? "removed" : "left")
        case .entry(let version, let bytes) where bytes.first != UInt8(ascii: "A") && version >= mine:
            return Self.word("newer")
        case .entry, .lease, .bad:
            self = KeyState()
            return Self.word("removed")
        }
    }

    // MARK: Parts

    private mutating func store(_ bytes: [UInt8], _ unit: [UInt8], _ time: [UInt8], now: Int64) -> Bool {
        guard !bytes.isEmpty else {
            self = KeyState()
            return false
        }
        let end = Self.number(time) + (unit.elementsEqual("PX".utf8) ? now : 0)
        // SET with an end in the past leaves no key.
        self = end <= now ? KeyState() : KeyState(bytes: bytes, end: end)
        return true
    }

    private mutating func keep(_ intent: Intent) {
        self = KeyState()
        if let latest = intent.latestDeadline {
            self.value = .intent(intent)
            self.end = latest
        }
    }

    private static func pruned(_ intent: Intent, now: Int64) -> Intent {
        let living = intent.writers.filter { $0.deadline > now }
        return Intent(highest: intent.highest, isMarked: intent.isMarked || living.count < intent.writers.count, writers: living)
    }

    private static func number(_ text: [UInt8]) -> Int64 { Int64(String(decoding: text, as: UTF8.self)) ?? 0 }

    private static func word(_ text: String) -> RedisReply { .bytes(Array(text.utf8)) }

    private static func digits(_ number: Int64, _ count: Int) -> [UInt8] {
        let text = String(number)
        return Array(String(repeating: "0", count: count - text.count).utf8) + Array(text.utf8)
    }

    private static func parse(_ bytes: [UInt8]) -> Value {
        let version = bytes.count >= 20 ? bytes[1..<20] : []
        let hasVersion = !version.isEmpty && version.allSatisfy { (48...57).contains($0) }
        switch bytes.first {
        case UInt8(ascii: "L"), UInt8(ascii: "T"), UInt8(ascii: "A"):
            return hasVersion ? .entry(version: self.number(Array(version)), bytes: bytes) : .bad(bytes)
        case UInt8(ascii: "R"):
            return Token(bytes.dropFirst()).map { .lease($0, bytes: bytes) } ?? .bad(bytes)
        case UInt8(ascii: "W"):
            guard hasVersion, bytes.count >= 52, (bytes.count - 21).isMultiple(of: 31), bytes[20] == 48 || bytes[20] == 49 else {
                return .bad(bytes)
            }
            let writers = stride(from: 21, to: bytes.count, by: 31).map {
                Writer(token: Array(bytes[$0..<$0 + 16]), deadline: self.number(Array(bytes[$0 + 16..<$0 + 31])))
            }
            return .intent(Intent(highest: self.number(Array(version)), isMarked: bytes[20] == 49, writers: writers))
        default:
            return .bad(bytes)
        }
    }

    static func bytes(of intent: Intent) -> [UInt8] {
        Array("W".utf8) + self.digits(intent.highest, 19) + [intent.isMarked ? 49 : 48]
            + intent.writers.flatMap { $0.token + self.digits($0.deadline, 15) }
    }
}
