internal import EventLoop

/// What a cluster says of itself, for those who explain; commands are told by their own replies.
extension RedisClient {
    /// Why the cluster does not serve; nil: it does, or there is none, or its user may not ask. Takes one round trip where there is a cluster.
    package func clusterTrouble() async -> RedisError? {
        guard !self.nodes.isEmpty, let answer = try? await self.send([Array("CLUSTER".utf8), Array("INFO".utf8)]),
            case .bytes(let text) = answer, InfoText.properties(of: text)["cluster_state"] == "fail"
        else { return nil }
        return RedisError(server: RedisServerError(text: "CLUSTERDOWN"), ranScript: false)
    }
}
