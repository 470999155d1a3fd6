/// A metric's label and its dimensions. Both come from the program's own text, never from a session: the number of keys is bounded.
package struct MetricKey: Hashable, Comparable, Sendable {
    /// The label, such as `bedrock_sessions.cache.reads`.
    package var label: String
    /// The dimensions, sorted by name.
    package var dimensions: [Dimension]

    /// A dimension and its value.
    package struct Dimension: Hashable, Comparable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        package static func < (left: Dimension, right: Dimension) -> Bool {
            (left.name, left.value) < (right.name, right.value)
        }
    }

    /// A key; the order in which dimensions are given does not matter.
    package init(_ label: String, _ dimensions: [(String, String)] = []) {
        self.label = label
        self.dimensions = dimensions.map { Dimension($0.0, $0.1) }.sorted()
    }

    package static func < (left: MetricKey, right: MetricKey) -> Bool {
        left.label == right.label ? left.dimensions.lexicographicallyPrecedes(right.dimensions) : left.label < right.label
    }
}
