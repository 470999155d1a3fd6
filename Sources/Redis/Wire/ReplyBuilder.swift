/// Puts a reply together from hiredis's callbacks, which come depth first.
///
/// hiredis's own reply objects would cost three allocations and a copy per value; here a value is copied once, into the array that the
/// caller gets. The callbacks also never allocate by a length that a reply only announces (CVE-2021-32765 was such an allocation).
final class ReplyBuilder {
    private var open: [Branch] = []
    /// Branches in `open`: a number is looked at without a check.
    private var depth = 0
    private var finished: RedisReply?
    /// Why nothing more is taken, if so: newer versions of hiredis read RESP3, and deeper arrays.
    var problem: ReplyProblem?

    /// An announced array is given room for at most this many elements in advance.
    private static let reservedElements = 256

    private struct Branch {
        var elements: [RedisReply]
        var missing: Int
    }

    /// An array of `count` elements begins.
    func beginArray(count: Int) {
        guard count > 0 else { return self.add(.array([])) }
        guard self.depth < ReplyFrame.deepestNesting else { return self.problem = .nestedTooDeep }
        var elements: [RedisReply] = []
        elements.reserveCapacity(min(count, Self.reservedElements))
        self.open.append(Branch(elements: elements, missing: count))
        self.depth += 1
    }

    /// A value that is complete.
    @inline(__always)
    func add(_ reply: RedisReply) {
        if self.depth == 0 {
            self.finished = reply
        } else {
            self.addToBranch(reply)
        }
    }

    /// The finished reply, once.
    @inline(__always)
    func take() -> RedisReply? {
        self.finished.take()
    }

    private func addToBranch(_ reply: RedisReply) {
        var reply = reply
        while let last = self.open.indices.last {
            self.open[last].elements.append(reply)
            self.open[last].missing -= 1
            guard self.open[last].missing == 0 else { return }
            reply = .array(self.open.removeLast().elements)
            self.depth -= 1
        }
        self.finished = reply
    }
}
