extension JSONNode {
    /// The members in the order of the text; empty for anything but an object.
    package var members: Members { Members(pairs: self.pairs) }

    /// The members, with their names as nodes: for readers that know names by their bytes. Empty for anything but an object.
    package var pairs: Pairs { Pairs(object: self) }

    /// The elements; empty for anything but an array.
    package var elements: Elements { Elements(array: self) }

    /// The members of an object, lent like the object.
    package struct Members: Sequence, IteratorProtocol {
        private var pairs: Pairs

        init(pairs: Pairs) {
            self.pairs = pairs
        }

        /// The next member.
        package mutating func next() -> (name: String, value: JSONNode)? {
            guard let (key, value) = self.pairs.next() else { return nil }
            return (key.string ?? "", value)
        }
    }

    /// The members of an object with their names as nodes, lent like the object.
    package struct Pairs: Sequence, IteratorProtocol {
        private var position: JSONNode
        private var left: Int

        init(object: JSONNode) {
            self.left = object.kind == .object ? object.count : 0
            // Not looked at when nothing is left.
            self.position = object.after(self.left > 0 ? 1 : 0)
        }

        /// The next member.
        @inline(__always)
        package mutating func next() -> (key: JSONNode, value: JSONNode)? {
            guard self.left > 0 else { return nil }
            self.left -= 1
            let key = self.position
            let value = key.after(1)
            // Behind the last one lies nothing.
            if self.left > 0 { self.position = value.next }
            return (key, value)
        }
    }

    /// The elements of an array, lent like the array.
    package struct Elements: Sequence, IteratorProtocol {
        private var position: JSONNode
        private var left: Int

        init(array: JSONNode) {
            self.left = array.kind == .array ? array.count : 0
            self.position = array.after(self.left > 0 ? 1 : 0)
        }

        /// The next element.
        package mutating func next() -> JSONNode? {
            guard self.left > 0 else { return nil }
            self.left -= 1
            let element = self.position
            if self.left > 0 { self.position = element.next }
            return element
        }
    }
}
