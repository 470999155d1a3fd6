import SessionStore

/// What DynamoDB does not take, checked before it is sent: a refusal here costs no request and names what is too large.
///
/// Source: Amazon DynamoDB Developer Guide, "Service, account, and table quotas in Amazon DynamoDB"
/// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html), keys, items, expression parameters; the sizes of values by
/// "DynamoDB item sizes and formats" (CapacityUnitCalculations.html): `SessionValue.itemSize`.
enum RequestLimits {
    /// Bytes of a partition key.
    static let partitionKeyBytes = 2048
    /// Bytes of a sort key.
    static let sortKeyBytes = 1024
    /// Bytes of an expression's text.
    static let expressionBytes = 4096
    /// Bytes of all names and values that an expression's placeholders stand for.
    static let substitutionBytes = 2 * 1024 * 1024
    /// Bytes of a request.
    static let requestBytes = 16 * 1024 * 1024

    /// Bytes of an item: the names and values of its attributes.
    static func size(of item: SessionData) -> Int {
        item.reduce(0) { $0 + $1.key.utf8.count + $1.value.itemSize }
    }

    /// Throws if an item is larger than 400 KB or one of its values cannot be kept.
    static func check(item: SessionData) throws(DynamoError) {
        do throws(SessionStoreError) {
            for value in item.values { try value.validate() }
        } catch {
            throw .notSent(error)
        }
        guard self.size(of: item) <= SessionLimits.itemBytes else { throw .notSent(.itemTooLarge) }
    }

    /// Throws if a key's text is empty or larger than its limit.
    static func check(partitionKey text: String, sortKey: String? = nil) throws(DynamoError) {
        guard (1...self.partitionKeyBytes).contains(text.utf8.count) else {
            throw .notSent(SessionStoreError(.invalidValue, "a partition key has 1 to \(self.partitionKeyBytes) bytes"))
        }
        guard sortKey.map({ (1...self.sortKeyBytes).contains($0.utf8.count) }) ?? true else {
            throw .notSent(SessionStoreError(.invalidValue, "a sort key has 1 to \(self.sortKeyBytes) bytes"))
        }
    }

    /// Throws if one of an expression's texts, or what its placeholders stand for, is larger than its limit.
    static func check(_ expression: Expression) throws(DynamoError) {
        guard expression.longestText <= self.expressionBytes else {
            throw .notSent(
                SessionStoreError(
                    .tooLarge,
                    "an expression has up to \(self.expressionBytes) bytes: change fewer fields at a time, or replace all of them"))
        }
        guard expression.substitutionSize <= self.substitutionBytes else {
            throw .notSent(SessionStoreError(.tooLarge, "the names and values of one expression have up to 2 MB together"))
        }
    }

    /// Throws if a request is larger than the service reads.
    static func check(request body: [UInt8]) throws(DynamoError) {
        guard body.count <= self.requestBytes else {
            throw .notSent(SessionStoreError(.tooLarge, "a request to DynamoDB has up to 16 MB: ask for less at a time"))
        }
    }
}
