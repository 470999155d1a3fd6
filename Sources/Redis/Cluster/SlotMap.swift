/// Which node has which slots, as a node told it.
struct SlotMap: Equatable {
    /// A node that has slots.
    struct Node: Equatable {
        var address: NodeAddress
        /// Its name in the cluster: 40 hexadecimal digits, the same at any address. Empty where it was not told.
        var id: String
    }

    /// The primaries that have slots, in the order of their first ones.
    private(set) var nodes: [Node] = []
    /// The place in `nodes` of each slot's owner; `nobody` for a slot without one.
    private var owners = [UInt16](repeating: Self.nobody, count: HashSlot.count)

    private static let nobody = UInt16.max

    /// Reads the answer to CLUSTER SLOTS: an array of first slot, last slot, and nodes, of which the first is the primary.
    /// https://redis.io/docs/latest/commands/cluster-slots/
    ///
    /// - Parameter asked: the node that was asked. It is meant where a node has no host: it does not know by what address it was reached.
    /// - Returns: `nil` for a reply of another form.
    init?(_ reply: RedisReply, from asked: NodeAddress) {
        guard case .array(let ranges) = reply else { return nil }
        for range in ranges {
            guard case .array(let parts) = range, parts.count >= 3,
                case .integer(let first) = parts[0], case .integer(let last) = parts[1],
                0 <= first, first <= last, last < HashSlot.count, let node = Self.node(parts[2], asked: asked)
            else { return nil }
            let place = self.place(of: node)
            for slot in Int(first)...Int(last) { self.owners[slot] = place }
        }
    }

    /// Whether each slot has an owner.
    var isComplete: Bool { !self.owners.contains(Self.nobody) }

    /// How many slots a node has, by its place in `nodes`.
    func slotCount(ofNodeAt index: Int) -> Int {
        self.owners.count { Int($0) == index }
    }

    /// The place in `nodes` of a slot's owner.
    func owner(of slot: HashSlot) -> Int? {
        let place = self.owners[Int(slot.number)]
        return place == Self.nobody ? nil : Int(place)
    }

    /// A slot has another owner, which may be new. Answers whether that changes anything.
    mutating func moved(_ slot: HashSlot, to address: NodeAddress) -> Bool {
        if let owner = self.owner(of: slot), self.nodes[owner].address == address { return false }
        self.owners[Int(slot.number)] = self.place(of: Node(address: address, id: ""))
        return true
    }

    private mutating func place(of node: Node) -> UInt16 {
        if let known = self.nodes.firstIndex(where: { $0.address == node.address }) { return UInt16(truncatingIfNeeded: known) }
        // A cluster has a thousand nodes at most by its specification, and never more than slots.
        guard self.nodes.count < HashSlot.count else { return Self.nobody }
        self.nodes.append(node)
        return UInt16(truncatingIfNeeded: self.nodes.count - 1)
    }

    private static func node(_ reply: RedisReply, asked: NodeAddress) -> Node? {
        guard case .array(let parts) = reply, parts.count >= 2, case .integer(let port) = parts[1], (1...65535).contains(port) else {
            return nil
        }
        var id = ""
        if parts.count > 2, case .bytes(let bytes) = parts[2] { id = String(decoding: bytes, as: UTF8.self) }
        guard let host = self.host(parts, asked: asked) else { return nil }
        return Node(address: NodeAddress(host: host, port: Int(port)), id: id)
    }

    /// The preferred endpoint. Null or empty: the host that was asked. `?`: the node does not know its own name, and may tell its address beside it.
    private static func host(_ parts: [RedisReply], asked: NodeAddress) -> String? {
        switch parts[0] {
        case .null: return asked.host
        case .bytes(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            if text.isEmpty { return asked.host }
            return text == "?" ? self.metadata("ip", of: parts) ?? asked.host : text
        case .status, .integer, .array, .error: return nil
        }
    }

    /// From Redis 7 on the fourth part is a list of names and values.
    private static func metadata(_ name: String, of parts: [RedisReply]) -> String? {
        guard parts.count > 3, case .array(let list) = parts[3] else { return nil }
        for (key, value) in zip(list, list.dropFirst()) where key == .bytes(Array(name.utf8)) {
            if case .bytes(let bytes) = value, !bytes.isEmpty { return String(decoding: bytes, as: UTF8.self) }
        }
        return nil
    }
}
