import Dynamo
import Redis
package import Wiring

extension SessionServices {
    /// How many keys the cache's Redis has, of all tables; nil where it does not say. For a progress bar.
    package var keyCount: Int? {
        get async {
            guard let redis = self.redis else { return nil }
            var sum = 0
            let nodes = redis.nodes
            for node in nodes.isEmpty ? [nil] : nodes.map(Optional.some) {
                guard case .integer(let count)? = try? await redis.send([Array("DBSIZE".utf8)], to: node) else { return nil }
                sum += Int(count)
            }
            return sum
        }
    }

    /// How many items the table had some hours ago; nil where it may not be asked. For a progress bar.
    package var itemCount: Int? {
        get async {
            guard let dynamo = self.dynamo else { return nil }
            return try? await dynamo.describeTable()?.itemCount
        }
    }
}
