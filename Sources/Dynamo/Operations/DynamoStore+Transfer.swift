import AWS
package import JSON
package import SessionStore

/// Whole items, with everything that other programs added, out of the table and into it.
extension DynamoStore {
    /// An item with all its attributes, types kept.
    package struct WholeItem: Hashable, Sendable {
        /// Its attributes by name.
        package let attributes: SessionData
        /// What an audit sees of it.
        package let item: TableItem

        /// Reads the object of an item (`{"session_id": {"S": "s-1"}, ...}`); nil for anything else.
        package init?(_ value: JSONValue, at now: Timestamp) {
            guard let document = try? JSONDocument(parsing: value.encoded) else { return nil }
            let read = document.withRoot { node -> (SessionData, TableItem)? in
                guard let attributes = try? SessionValue.members(node), case .string(let name)? = attributes[ItemAttribute.key.rawValue]
                else { return nil }
                return (attributes, TableItem(name, StoredItem(node), at: now))
            }
            guard let read else { return nil }
            (self.attributes, self.item) = read
        }

        /// The item as DynamoDB's own exports write it, names and sets in order: equal items have equal texts.
        package var json: JSONValue {
            let members = self.attributes.map { name, value in
                var writer = JSONWriter()
                writer.attribute(value)
                return JSONValue.Member(name, (try? JSONValue(parsing: writer.bytes)) ?? .null)
            }
            return Self.ordered(.object(members))
        }

        /// Only the types that are sets have an array right under these names: a field of such a name holds an object.
        private static let sets: Set = ["SS", "NS", "BS"]

        private static func ordered(_ value: JSONValue) -> JSONValue {
            switch value {
            case .object(let members):
                let sorted = members.sorted { $0.name < $1.name }.map { member in
                    guard self.sets.contains(member.name), case .array(let elements) = member.value else {
                        return JSONValue.Member(member.name, self.ordered(member.value))
                    }
                    return JSONValue.Member(member.name, .array(elements.sorted { $0.string ?? "" < $1.string ?? "" }))
                }
                return .object(sorted)
            case .array(let elements): return .array(elements.map { self.ordered($0) })
            case .string, .number, .bool, .null: return value
            }
        }
    }

    /// Reads every item of the table whole, page by page, as `scan` does. Needs the right `dynamodb:Scan`.
    package func wholeItems(
        segments: Int = 4, _ page: @escaping @Sendable ([WholeItem]) async throws(SessionStoreError) -> Void
    ) async throws(SessionStoreError) {
        let failure = await withTaskGroup(of: SessionStoreError?.self) { group in
            for segment in 0..<max(1, min(segments, self.configuration.maximumConnections)) {
                group.addTask { await self.wholeItems(segment, of: segments, page) }
            }
            var failure: SessionStoreError?
            while let ended = await group.next() {
                if let error = ended, failure == nil {
                    failure = error
                    group.cancelAll()
                }
            }
            return failure
        }
        if let failure { throw failure }
    }

    private func wholeItems(
        _ segment: Int, of segments: Int, _ body: @Sendable ([WholeItem]) async throws(SessionStoreError) -> Void
    ) async -> SessionStoreError? {
        var place: JSONValue?
        repeat {
            do throws(DynamoError) {
                let page = try await self.client.scanWhole(
                    table: self.configuration.table, segment: segment, of: segments, after: place,
                    deadline: self.configuration.readDeadline)
                place = page.next
                let now = self.clock.now
                do throws(SessionStoreError) {
                    try await body(page.elements.compactMap { WholeItem($0, at: now) })
                } catch {
                    return error
                }
            } catch {
                return error.storeError
            }
            if Task.isCancelled { return SessionStoreError(.cancelled, "the walk was cancelled before its end") }
        } while place != nil
        return nil
    }

    /// Writes a whole item where the table's is still of that version, or is still not there. Answers whether it did. A lost answer is read back.
    ///
    /// - Parameter over: The item that it takes the place of; nil: none.
    package func restore(_ whole: WholeItem, over found: TableItem?) async throws(DynamoError) -> Bool {
        guard let key = whole.item.key else { return false }
        var condition = Expression()
        if let found {
            if let version = found.version {
                condition.require("\(condition.path(.version).text) = \(condition.value(.number("\(version.rawValue)")))")
            } else {
                condition.require("attribute_exists(\(condition.path(.key).text))")
                condition.require("attribute_not_exists(\(condition.path(.version).text))")
            }
        } else {
            condition.require("attribute_not_exists(\(condition.path(.key).text))")
        }
        do throws(DynamoError) {
            let answer = try await self.client.putItem(
                table: self.configuration.table, item: whole.attributes, if: condition, deadline: self.configuration.attemptDeadline)
            if case .applied = answer { return true }
            return false
        } catch {
            guard error.outcome == .unknown, let now = try await self.item(key) else { throw error }
            // The version is the file's own: nobody else writes it.
            return now.version == whole.item.version && now.owner == whole.item.owner
        }
    }
}
