import ArgumentParser
import Dynamo
import Settings

/// `policy`
struct Policy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the IAM policy of the least rights that the features in use need.",
        discussion: """
            Without options: reading and writing one session at a time, in the table of that name in any region and account that the policy is attached in. \
            The templates in deploy/ make the same policy.

            Examples:
              bedrock-sessions policy --table NFTBedrockSessions-prod --region eu-central-1 --account 123456789012
              bedrock-sessions policy --batch --cache sessions --cache-user agents --serverless > policy.json
              aws iam create-policy --policy-name bedrock-sessions --policy-document file://policy.json
            """)

    @Option(help: ArgumentHelp("The DynamoDB table, NFTBedrockSessions unless set.", valueName: "name"))
    var table: String?
    @Option(help: ArgumentHelp("The table's region, such as eu-central-1. (default: any)", valueName: "name"))
    var region = "*"
    @Option(help: ArgumentHelp("The table's account: twelve digits. (default: any)", valueName: "id"))
    var account = "*"
    @Flag(help: "The right to ask which sessions a user has (Query on the index user_id-index).")
    var index = false
    @Flag(help: "The right to read many sessions in one request (BatchGetItem).")
    var batch = false
    @Flag(help: "The right to walk the whole table (Scan).")
    var audit = false
    @Flag(help: "The right to remove a user's data before its time to live does (DeleteItem).")
    var purge = false
    @Option(help: ArgumentHelp("The customer-managed KMS key that encrypts the table.", valueName: "arn"))
    var keyARN: String?
    @Option(help: ArgumentHelp("The ElastiCache that is entered as an IAM identity.", valueName: "name"))
    var cache: String?
    @Option(help: ArgumentHelp("The ElastiCache user of that identity.", valueName: "id"))
    var cacheUser: String?
    @Flag(help: "The ElastiCache is a serverless one.")
    var serverless = false

    func validate() throws {
        if let table, Settings.tableName(table) == nil {
            throw ValidationError("--table is a DynamoDB table's name: 3 to 255 of the characters 0-9 a-z A-Z _ . -")
        }
        if (self.cache == nil) != (self.cacheUser == nil) {
            throw ValidationError("--cache and --cache-user belong together: give both or none")
        }
        if self.serverless, self.cache == nil {
            throw ValidationError("--serverless says what --cache is: give --cache NAME and --cache-user ID too")
        }
        if self.account != "*", self.account.wholeMatch(of: /[0-9]{12}/) == nil {
            throw ValidationError("--account is an AWS account's id: twelve digits")
        }
        if self.region != "*", self.region.wholeMatch(of: /[a-z][a-z0-9-]*/) == nil {
            throw ValidationError("--region is an AWS region, such as eu-central-1")
        }
        if let keyARN, !keyARN.hasPrefix("arn:") {
            throw ValidationError("--key-arn is the ARN of a KMS key: arn:aws:kms:REGION:ACCOUNT:key/ID")
        }
    }

    func run() throws {
        var policy = TablePolicy(
            table: self.table ?? Variables.value(SettingKey.table.rawValue) ?? Settings.defaultTable,
            userIndex: DynamoConfiguration().userIndex, region: self.region, account: self.account)
        let extras: [(TablePolicy.Extra, Bool)] = [(.index, self.index), (.batch, self.batch), (.audit, self.audit), (.purge, self.purge)]
        policy.extras = Set(extras.filter(\.1).map(\.0))
        policy.key = self.keyARN
        if let cache, let cacheUser { policy.cache = .init(name: cache, user: cacheUser, isServerless: self.serverless) }
        Console.print(policy.document.page)
    }
}
