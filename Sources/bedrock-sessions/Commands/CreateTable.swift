import ArgumentParser
import JSON

/// `create-table NAME REGION`
struct CreateTable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create the DynamoDB table with its time to live and server-side encryption, and wait until it is active.",
        discussion: """
            May be run any number of times: what is there already is left as it is. Credentials come from where the SDKs look for them (`doctor --credentials`), the \
            endpoint from AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL where one is set. Needs the rights for CreateTable, DescribeTable, \
            UpdateTimeToLive and DescribeTimeToLive.

            Examples:
              bedrock-sessions create-table NFTBedrockSessions eu-central-1
              AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 bedrock-sessions create-table sessions us-east-1
            """)

    @Argument(help: "The table's name: 3 to 255 of the characters 0-9 a-z A-Z _ . -")
    var name: String
    @Argument(help: "The AWS region, such as eu-central-1.")
    var region: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (name, region) = (self.name, self.region)
        try await TableMaker.make(name: name, region: region) {
            Console.complain("creating table \(name) in \(region), unless it is there; this takes up to a minute")
        }
        Console.complain("table \(self.name) is active, with its time to live and server-side encryption")
        if self.output.json {
            let members: [JSONValue.Member] = [
                .init("table", .string(self.name)), .init("region", .string(self.region)), .init("status", "ACTIVE"),
            ]
            Console.print(JSONValue.object(members).encoded)
        }
    }
}
