/// Creates the table of `create-table`.
enum TableMaker {
    /// Creates the table unless it is there, and waits until it is active.
    static func make(name: String, region: String) async throws {
        throw CommandFailure.failed("this build cannot reach DynamoDB: create the table with AWS's own tools")
    }
}
