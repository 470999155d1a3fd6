/// Many short calls at a time, in the order of their beginnings: their commands leave together.
extension CacheCore {
    /// Calls `body` for each index, as many at a time as a batch may. One is called in place.
    func map<Element: Sendable>(
        _ indices: Range<Int>, _ body: @escaping @Sendable (Int) async -> Element
    ) async -> [Element] {
        if indices.count == 1 { return [await body(indices.lowerBound)] }
        var elements = [Element?](repeating: nil, count: indices.count)
        await withTaskGroup(of: (Int, Element).self) { group in
            var rest = indices.makeIterator()
            var running = 0
            while running < self.configuration.batchConcurrency, let index = rest.next() {
                group.addTask { (index, await body(index)) }
                running += 1
            }
            while let (index, element) = await group.next() {
                elements[index - indices.lowerBound] = element
                if let index = rest.next() { group.addTask { (index, await body(index)) } }
            }
        }
        return elements.compactMap { $0 }
    }

    /// The same, for what it does.
    func forEach(_ indices: Range<Int>, _ body: @escaping @Sendable (Int) async -> Void) async {
        _ = await self.map(indices) { await body($0) }
    }
}
