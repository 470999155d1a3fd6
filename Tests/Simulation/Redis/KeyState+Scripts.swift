internal import CacheStore
internal import Redis

extension KeyState {
    mutating func lease(_ arguments: [[UInt8]], _ server: Server) -> RedisReply {
        if server.weakness == .fillWithoutLease, self.isFree { return .integer(1) }
        let seen = arguments.count > 2 ? arguments[2] : nil
        guard self.bytes == nil || self.bytes == seen else { return .integer(0) }
        return .integer(self.set(Array("R".utf8) + arguments[0], end: server.now + Self.number(arguments[1]), server) ? 1 : 0)
    }

    mutating func fill(_ arguments: [[UInt8]], _ server: Server) -> RedisReply {
        let isMine = if case .lease(_, let bytes) = self.value { bytes.dropFirst().elementsEqual(arguments[0]) } else { false }
        guard isMine || (server.weakness == .fillWithoutLease && self.isFree) else { return .integer(0) }
        return .integer(self.store(arguments[1], arguments[2], arguments[3], server) ? 1 : 0)
    }

    mutating func refresh(_ arguments: [[UInt8]], _ server: Server) -> RedisReply {
        guard case .entry(_, let bytes) = self.value, bytes == arguments[0] || server.weakness == .blindRefresh else {
            // Bytes that start like an entry without being one count as an entry here: only they can be re-checked.
            guard case .bad(let bytes) = self.value, bytes == arguments[0], "LTA".utf8.contains(bytes.first ?? 0) else {
                return .integer(0)
            }
            _ = self.store(arguments[1], arguments[2], arguments[3], server)
            return .integer(1)
        }
        _ = self.store(arguments[1], arguments[2], arguments[3], server)
        return .integer(1)
    }

    mutating func intent(_ arguments: [[UInt8]], _ server: Server) -> RedisReply {
        var intent = Intent(highest: 0, isMarked: false, writers: [])
        var replaced = RedisReply.null
        switch self.value {
        case .intent(let theirs): if server.weakness != .oneIntent { intent = Self.pruned(theirs, server) }
        case .entry(_, let bytes): replaced = .bytes(bytes)
        case .none, .lease, .bad, .foreign: break
        }
        if server.weakness == .versionsOnly { return .array([.integer(1), replaced]) }
        intent.writers.removeAll { $0.token == arguments[0] }
        intent.writers.append(Writer(token: arguments[0], deadline: server.now + Self.number(arguments[1])))
        return .array([.integer(self.keep(intent, server) ? 1 : 0), replaced])
    }

    mutating func publish(_ arguments: [[UInt8]], _ server: Server) -> RedisReply {
        let mine = Self.number(arguments[1])
        if let reply = self.weakPublish(arguments, mine, server) { return reply }
        guard self.value != .none else { return Self.word("none") }
        guard case .intent(let theirs) = self.value else {
            self = KeyState()
            return Self.word("removed")
        }
        var intent = Self.pruned(theirs, server)
        let held = intent.holds(arguments[0])
        intent.writers.removeAll { $0.token == arguments[0] }
        intent.highest = max(intent.highest, mine)
        guard held, intent.writers.isEmpty, !intent.isMarked, intent.highest == mine else {
            return Self.word(self.keep(intent, server) ? "left" : "removed")
        }
        return Self.word(self.store(arguments[2], arguments[3], arguments[4], server) ? "stored" : "removed")
    }

    /// What the simplifications make of a publish; nil: nothing else than the protocol.
    private mutating func weakPublish(_ arguments: [[UInt8]], _ mine: Int64, _ server: Server) -> RedisReply? {
        switch (server.weakness, self.value) {
        case (.lastPublishWins, _): break
        case (.versionsOnly, .entry(let theirs, let bytes)) where bytes.first != UInt8(ascii: "A") && theirs >= mine:
            return Self.word("left")
        case (.versionsOnly, _): break
        case (.keepAbsent, .entry(_, let bytes)) where bytes.first == UInt8(ascii: "A"): return Self.word("left")
        default: return nil
        }
        return Self.word(self.store(arguments[2], arguments[3], arguments[4], server) ? "stored" : "removed")
    }

    mutating func withdraw(_ arguments: [[UInt8]], _ server: Server) -> RedisReply {
        guard case .intent(let theirs) = self.value else { return .integer(0) }
        var intent = Self.pruned(theirs, server)
        intent.writers.removeAll { $0.token == arguments[0] }
        _ = self.keep(intent, server)
        return .integer(1)
    }

    mutating func replay(_ arguments: [[UInt8]], _ server: Server) -> RedisReply {
        let mine = Self.number(arguments[0])
        switch self.value {
        case .none:
            return Self.word("none")
        case .intent(let theirs):
            var intent = Self.pruned(theirs, server)
            intent.highest = max(intent.highest, mine)
            return Self.word(self.keep(intent, server) ? "left" : "removed")
        case .entry(let version, let bytes) where bytes.first != UInt8(ascii: "A") && version >= mine:
            return Self.word("newer")
        case .entry, .lease, .bad, .foreign:
            self = KeyState()
            return Self.word("removed")
        }
    }
}

extension KeyState {
    /// Whether a reader sees nothing to respect: no key, or another reader's lease.
    private var isFree: Bool {
        switch self.value {
        case .none, .lease: true
        case .entry, .intent, .bad, .foreign: false
        }
    }

    /// The script's `store`.
    private mutating func store(_ bytes: [UInt8], _ unit: [UInt8], _ time: [UInt8], _ server: Server) -> Bool {
        guard !bytes.isEmpty else {
            self = KeyState()
            return false
        }
        let time = Self.number(time)
        return self.set(bytes, end: unit == Array("PX".utf8) ? server.now + time : time, server)
    }

    private mutating func set(_ bytes: [UInt8], end: Int64, _ server: Server) -> Bool {
        // SET with an end in the past leaves no key; without memory the scripts remove it.
        self = !server.hasMemory || end <= server.now ? KeyState() : KeyState(bytes: bytes, end: end)
        return server.hasMemory
    }

    /// The script's `keep`.
    private mutating func keep(_ intent: Intent, _ server: Server) -> Bool {
        self = KeyState()
        guard let latest = intent.latestDeadline, server.hasMemory else { return false }
        self.value = .intent(intent)
        self.end = latest
        return true
    }

    private static func pruned(_ intent: Intent, _ server: Server) -> Intent {
        let living = intent.writers.filter { $0.deadline > server.now }
        let marks = living.count < intent.writers.count && server.weakness != .unmarkedPruning
        return Intent(highest: intent.highest, isMarked: intent.isMarked || marks, writers: living)
    }

    private static func word(_ text: String) -> RedisReply { .bytes(Array(text.utf8)) }
}
