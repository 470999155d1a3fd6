internal import COpenSSL

/// Which process of which server a connection leads to, and which history of writes it continues, as INFO tells.
///
/// `run_id` changes with each start of a server, `master_replid` whenever a replica is promoted (redis.io, "INFO"). Who finds another one than
/// before may have lost the last writes: acknowledged ones are not on a replica for certain when it takes over.
struct ServerIdentity: Equatable {
    private var runID: String?
    private var replicationID: String?
    /// Whether it is a replica; `nil` where the server does not tell.
    private(set) var isReplica: Bool?
    /// Whether it is a node of a cluster.
    private(set) var isOfCluster = false

    /// What INFO answered to one of its sections. An error (no right to ask, or no such command) tells nothing.
    mutating func learn(from reply: RedisReply) {
        guard case .bytes(let text) = reply else { return }
        let properties = InfoText.properties(of: text)
        self.runID = Self.identifier(properties["run_id"]) ?? self.runID
        self.replicationID = Self.identifier(properties["master_replid"]) ?? self.replicationID
        if let role = properties["role"] { self.isReplica = role == "slave" }
        if let mode = properties["redis_mode"] { self.isOfCluster = mode == "cluster" }
    }

    /// The first 64 bits, most significant first, of the SHA-256 of `<run_id>:<master_replid>`; 0 where the server tells neither.
    var epoch: UInt64 {
        if self.runID == nil, self.replicationID == nil { return 0 }
        let text = Array("\(self.runID ?? ""):\(self.replicationID ?? "")".utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        // EVP_Digest(3) writes at most EVP_MD_get_size bytes, 32 for SHA-256. A failure would leave zeros, which stand for "not known".
        guard unsafe EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil) == 1 else { return 0 }
        return max(1, digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Hexadecimal digits, not all of them zero: a service that hides an identifier may leave it away, empty, or zero.
    private static func identifier(_ text: String?) -> String? {
        guard let text, text.utf8.contains(where: { $0 != UInt8(ascii: "0") }), text.utf8.count <= 128 else { return nil }
        return text
    }
}
