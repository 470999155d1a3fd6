import Testing

@testable import Redis

struct SlotMapTests {
    private static let asked = NodeAddress(host: "seed.example", port: 6379)

    private static func bytes(_ text: String) -> RedisReply { .bytes(Array(text.utf8)) }
    private static func node(_ host: RedisReply, _ port: Int64, id: String = "", _ metadata: [RedisReply]? = nil) -> RedisReply {
        .array([host, .integer(port), self.bytes(id)] + (metadata.map { [.array($0)] } ?? []))
    }
    private static func range(_ first: Int64, _ last: Int64, _ nodes: RedisReply...) -> RedisReply {
        .array([.integer(first), .integer(last)] + nodes)
    }

    private func owner(_ map: SlotMap?, _ slot: Int) -> String? {
        guard let map, let slot = HashSlot(slot), let owner = map.owner(of: slot) else { return nil }
        return map.nodes[owner].address.description
    }

    @Test("the first node of each range has its slots; replicas are left out")
    func ranges() {
        let (a, b) = (Self.node(Self.bytes("10.0.0.1"), 7000, id: "aa"), Self.node(Self.bytes("10.0.0.2"), 7001, id: "bb"))
        let map = SlotMap(
            .array([
                Self.range(0, 99, a, Self.node(Self.bytes("10.0.0.9"), 7009)), Self.range(100, 16_382, b), Self.range(16_383, 16_383, a),
            ]),
            from: Self.asked)
        #expect(map?.nodes.map(\.id) == ["aa", "bb"])
        #expect(owner(map, 0) == "10.0.0.1:7000")
        #expect(owner(map, 99) == "10.0.0.1:7000")
        #expect(owner(map, 100) == "10.0.0.2:7001")
        #expect(owner(map, 16_383) == "10.0.0.1:7000")
    }

    @Test("a slot without an owner has none")
    func gaps() {
        let map = SlotMap(.array([Self.range(5, 5, Self.node(Self.bytes("a"), 1))]), from: Self.asked)
        #expect(owner(map, 4) == nil)
        #expect(owner(map, 5) == "a:1")
    }

    @Test(
        "a node without a host is at the one that was asked; one that does not know its name, at its address",
        arguments: [
            (RedisReply.null, [RedisReply]?.none, "seed.example:7000"), (bytes(""), nil, "seed.example:7000"),
            (bytes("cache.example"), nil, "cache.example:7000"), (bytes("?"), [bytes("ip"), bytes("10.0.0.7")], "10.0.0.7:7000"),
            (bytes("?"), nil, "seed.example:7000"), (bytes("fd00::1"), nil, "[fd00::1]:7000"),
            (bytes("10.0.0.1"), [bytes("hostname"), bytes("cache.example")], "10.0.0.1:7000"),
        ])
    func hosts(host: RedisReply, metadata: [RedisReply]?, address: String) {
        let map = SlotMap(.array([Self.range(0, 16_383, Self.node(host, 7000, metadata))]), from: Self.asked)
        #expect(owner(map, 1) == address)
    }

    @Test(
        "an answer of another form is none",
        arguments: [
            .null, .status("OK"), .array([.null]), .array([range(0, 16_384, node(bytes("a"), 1))]),
            .array([range(7, 6, node(bytes("a"), 1))]),
            .array([range(-1, 6, node(bytes("a"), 1))]), .array([range(0, 1, node(bytes("a"), 0))]), .array([range(0, 1, .null)]),
            .array([.array([.integer(0), .integer(1)])]), .array([range(0, 1, node(.integer(7), 1))]),
        ] as [RedisReply])
    func strangers(reply: RedisReply) {
        #expect(SlotMap(reply, from: Self.asked) == nil)
    }

    @Test("a slot that moved has its new owner, known or not, and the others stay")
    func moves() {
        var map = SlotMap(.array([Self.range(0, 16_383, Self.node(Self.bytes("a"), 1))]), from: Self.asked)
        let b = NodeAddress(host: "b", port: 2)
        #expect(map?.moved(HashSlot(7)!, to: b) == true)
        #expect(map?.moved(HashSlot(7)!, to: b) == false)
        #expect(owner(map, 7) == "b:2")
        #expect(owner(map, 8) == "a:1")
        #expect(map?.nodes.count == 2)
    }

    @Test(
        "a redirection is read as it is written",
        arguments: [
            ("MOVED 3999 127.0.0.1:6381", "127.0.0.1:6381"), ("ASK 0 cache.example:1", "cache.example:1"),
            ("MOVED 1 fd00::1:6379", "[fd00::1]:6379"),
            ("ASK 1 :6380", "seed.example:6380"), ("MOVED 1 ?:6380", "seed.example:6380"), ("MOVED 16384 a:1", nil), ("MOVED x a:1", nil),
            ("MOVED 1 a:0", nil), ("MOVED 1 a:", nil), ("MOVED 1", nil), ("MOVED 1 a:1 b", nil), ("ERR 1 a:1", nil),
        ])
    func redirections(text: String, address: String?) {
        let found: NodeAddress? =
            switch Redirection(RedisServerError(text: text), from: Self.asked) {
            case .moved(_, let address), .ask(_, let address): address
            case nil: nil
            }
        #expect(found?.description == address)
    }

    @Test("the map is asked for once for all who want it, and not again before the interval is over")
    func refreshes() {
        var rule = RefreshRule(interval: .milliseconds(100))
        #expect(rule.wanted(now: .zero) == true)
        #expect(rule.wanted(now: .milliseconds(500)) == false)
        rule.ended()
        #expect(rule.wanted(now: .milliseconds(500)) == true)
        rule.ended()
        #expect(rule.wanted(now: .milliseconds(599)) == false)
        #expect(rule.wanted(now: .milliseconds(600)) == true)
    }

    @Test(
        "the key of a command that is given as words decides where it goes",
        arguments: [
            ("GET k", "k"), ("get k", "k"), ("SET k v", "k"), ("DEL k l", "k"), ("PING", nil), ("INFO server", nil), ("FLUSHALL", nil),
            ("OBJECT ENCODING k", "k"), ("MEMORY USAGE k", "k"), ("EVAL s 1 k a", "k"), ("EVALSHA s 0 a", nil),
            ("XREAD COUNT 1 STREAMS k 0", "k"),
            ("SINTERCARD 2 k l", "k"), ("CLUSTER SLOTS", nil), ("SCAN 0", nil), ("BITOP AND k l", "k"), ("GET", nil),
        ])
    func keys(command: String, key: String?) {
        let arguments = command.split(separator: " ").map { Array($0.utf8) }
        #expect(CommandKeys.routingKey(of: arguments).map { String(decoding: $0, as: UTF8.self) } == key)
    }

    @Test("only commands that change nothing count as reads")
    func reads() {
        let isRead = { (text: String) in CommandKeys.isRead(text.split(separator: " ").map { Array($0.utf8) }) }
        #expect(["GET k", "mget k l", "PTTL k", "PING"].allSatisfy(isRead))
        #expect(!["SET k v", "INCR k", "EVAL s 1 k", "GETDEL k", "GETEX k", "SPOP k", ""].contains(where: isRead))
    }
}
