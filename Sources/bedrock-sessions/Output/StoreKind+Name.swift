import Settings

extension StoreKind {
    /// The store in a person's words.
    var name: String {
        switch self {
        case .dynamodb: "a DynamoDB table"
        case .sqlite(let path): path
        case .memory: "this process's memory"
        }
    }
}
