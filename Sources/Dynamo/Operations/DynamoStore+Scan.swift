import JSON
public import SessionStore

extension DynamoStore {
    /// Reads every item of the table, page by page, in several parts at once: for audits, not for serving requests.
    ///
    /// It costs the capacity of the whole table (half of it unless `isConsistent`). Items that are written meanwhile may or may not be seen. Needs the right
    /// `dynamodb:Scan`. Throws what the table answers, `.invalidValue` for numbers outside their ranges, and what `page` throws; the other parts then end
    /// as well.
    ///
    /// - Parameters:
    ///   - segments: Parts that are read at the same time, 1 to 1,000,000.
    ///   - pageSize: Items of a page at most; a page has 1 MB at most.
    ///   - isConsistent: Whether each page sees every write that was acknowledged before it was read.
    ///   - page: Is given each page, several at the same time; the next page of its part is read when it returns.
    public func scan(
        segments: Int = 4, pageSize: Int = 1000, isConsistent: Bool = false,
        _ page: @escaping @Sendable ([TableItem]) async throws(SessionStoreError) -> Void
    ) async throws(SessionStoreError) {
        guard (1...1_000_000).contains(segments), pageSize >= 1 else {
            throw SessionStoreError(.invalidValue, "a scan has 1 to 1,000,000 segments and pages of at least one item")
        }
        let failure = await withTaskGroup(of: SessionStoreError?.self) { group in
            var next = 0
            // As many at a time as there are connections: the others would wait in line with everybody else's calls.
            while next < min(segments, self.configuration.maximumConnections) {
                let segment = next
                group.addTask { await self.scan(segment, segments, pageSize, isConsistent, page) }
                next += 1
            }
            var failure: SessionStoreError?
            while let ended = await group.next() {
                if let error = ended, failure == nil {
                    failure = error
                    group.cancelAll()
                }
                guard failure == nil, next < segments else { continue }
                let segment = next
                group.addTask { await self.scan(segment, segments, pageSize, isConsistent, page) }
                next += 1
            }
            return failure
        }
        if let failure { throw failure }
    }

    /// One part, to its end or its error.
    private func scan(
        _ segment: Int, _ segments: Int, _ pageSize: Int, _ isConsistent: Bool,
        _ page: @Sendable ([TableItem]) async throws(SessionStoreError) -> Void
    ) async -> SessionStoreError? {
        var place: JSONValue?
        repeat {
            do throws(SessionStoreError) {
                let items = try await self.scanned(segment, segments, pageSize, isConsistent, after: &place)
                if Task.isCancelled { return SessionStoreError(.cancelled, "the scan was cancelled before its end") }
                if !items.isEmpty { try await page(items) }
            } catch {
                return error
            }
        } while place != nil
        return nil
    }

    private func scanned(
        _ segment: Int, _ segments: Int, _ pageSize: Int, _ isConsistent: Bool, after place: inout JSONValue?
    ) async throws(SessionStoreError) -> [TableItem] {
        do throws(DynamoError) {
            let page = try await self.client.scan(
                table: self.configuration.table, segment: segment, of: segments, isConsistent: isConsistent, after: place, limit: pageSize,
                deadline: self.configuration.readDeadline)
            place = page.next
            let now = self.clock.now
            return page.elements.map { TableItem($0.key, $0.item, at: now) }
        } catch {
            throw error.storeError
        }
    }
}
