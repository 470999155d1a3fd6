internal import CacheStore
internal import Redis

/// Which rare branches a script took, told from the key before and after.
enum ScriptMarks {
    static func marks(
        _ script: CacheScript, _ arguments: [[UInt8]], _ before: KeyState, _ after: KeyState, _ reply: RedisReply, now: Int64,
        hasMemory: Bool
    ) -> [Mark] {
        var marks: [Mark] = []
        var standing = before
        standing.expire(now: now)
        if before != standing, before.intent != nil { marks.append(.expiredIntent) }
        if before != standing, case .lease = before.value { marks.append(.leaseExpired) }
        if !hasMemory { marks.append(.outOfMemory) }
        let pruned = standing.intent.map { $0.writers.contains { $0.deadline <= now } } ?? false
        if pruned { marks.append(.prunedIntent) }
        let isDone = reply == .integer(1)
        switch script {
        case .lease:
            if !isDone { marks.append(.refusedLease) }
            if isDone, arguments.count > 2, standing.value != .none { marks.append(.leaseOverBadBytes) }
        case .fill: marks.append(isDone ? .filled : .refusedFill)
        case .refresh: marks.append(isDone ? .refreshed : .refusedRefresh)
        case .intent:
            guard let intent = standing.intent else { break }
            if intent.holds(arguments[0]) { marks.append(.renewedIntent) } else { marks.append(.joinedIntent) }
        case .publish: marks += self.publish(arguments, standing, reply, pruned: pruned)
        case .withdraw: if standing.intent?.holds(arguments[0]) ?? false { marks.append(.withdrawnIntent) }
        case .replay:
            switch reply {
            case .bytes(Array("removed".utf8)): marks.append(.replayRemoved)
            case .bytes(Array("left".utf8)): marks.append(.replayRaised)
            case .bytes(Array("newer".utf8)): marks.append(.replayFoundNewer)
            default: marks.append(.replayOnNothing)
            }
        }
        return marks
    }

    private static func publish(_ arguments: [[UInt8]], _ before: KeyState, _ reply: RedisReply, pruned: Bool) -> [Mark] {
        switch reply {
        case .bytes(Array("stored".utf8)): return [.storedPublish]
        case .bytes(Array("none".utf8)): return [.publishOnNothing]
        case .bytes(Array("removed".utf8)) where before.intent == nil: return [.publishRemovedEntry]
        default: break
        }
        guard let intent = before.intent else { return [] }
        if !intent.holds(arguments[0]) { return [.publishWithoutIntent] }
        if intent.writers.count > 1 && !pruned { return [.publishLeftToOthers] }
        if intent.isMarked || pruned { return [.markedPublish] }
        return intent.highest > KeyState.number(arguments[1]) ? [.supersededPublish] : []
    }
}
