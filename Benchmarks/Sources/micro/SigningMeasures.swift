@testable import AWS

/// The signature of a GetItem: of one that follows others like it, and of one that is the first of its form.
struct SigningMeasures {
    private let signer: Signer
    private let credentials = AWSCredentials(
        accessKeyID: "BENCHACCESSKEY000000", secretAccessKey: "a key of the length that a real one has.")
    private let body = Array(
        #"{"TableName":"bench","Key":{"session_id":{"S":"3f1c2a50-8f0e-4a4e-9d7a-5f6f1c3b7e21"}},"ConsistentRead":true}"#.utf8)

    init() throws {
        self.signer = try Signer(service: "dynamodb", region: "eu-central-1")
    }

    var all: [Measure] {
        [Measure("sign", self.sign), Measure("sign.first", self.signFirst)]
    }

    private func request(_ turn: Int, target: String) -> ServiceRequest {
        ServiceRequest(
            host: "dynamodb.eu-central-1.amazonaws.com", path: "/", contentType: "application/x-amz-json-1.0", target: target,
            invocation: Invocation(random: (UInt64(turn), 0x9D6E_5F3A_11C2_7B04), maxAttempts: 3), attempt: 1, ttl: 1_763_800_030,
            body: self.body)
    }

    private func sign(_ turn: Int) throws -> Int {
        let request = self.request(turn, target: "DynamoDB_20120810.GetItem")
        return withExtendedLifetime(try self.signer.headers(of: request, with: self.credentials, at: 1_763_800_000)) { turn }
    }

    private func signFirst(_ turn: Int) throws -> Int {
        // Of as many targets none is remembered until it comes again.
        let request = self.request(turn, target: "DynamoDB_20120810.GetItem\(turn % 64)")
        return withExtendedLifetime(try self.signer.headers(of: request, with: self.credentials, at: 1_763_800_000)) { turn }
    }
}
