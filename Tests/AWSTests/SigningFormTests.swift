import HTTP
import TestSupport
import Testing

@testable import AWS

@Suite("Requests of one form")
struct SigningFormTests {
    private static let temporary = AWSCredentials(
        accessKeyID: "AKIDTEMPORARY", secretAccessKey: "secret/2", sessionToken: "token+with/signs==")
    private static let lasting = AWSCredentials(accessKeyID: "AKIDLASTING0000", secretAccessKey: "secret/1")

    private func request(_ generator: inout SeededGenerator, numbers: inout InvocationNumbers) -> ServiceRequest {
        let targets = ["DynamoDB_20120810.GetItem", "DynamoDB_20120810.UpdateItem", "DynamoDB_20120810.Query"]
        let invocation = Invocation(random: numbers.next(), maxAttempts: [4, 12].randomElement(using: &generator) ?? 4)
        let ttl = SigningDate(seconds: Int64.random(in: 0...4_102_444_800, using: &generator))
        return ServiceRequest(
            host: ["a.example", "b.example:8000"].randomElement(using: &generator) ?? "", path: "/",
            contentType: "application/x-amz-json-1.0",
            fields: [("X-Amz-Target", targets.randomElement(using: &generator) ?? "")], invocation: invocation.id,
            attempt: invocation.request(attempt: Int.random(in: 1...11, using: &generator), ttl: ttl),
            body: (0..<Int.random(in: 0...300, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    @Test("a thousand requests written over each other are signed as each would be alone", arguments: [1, 2] as [UInt64])
    func sameAsOrdinary(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var numbers = InvocationNumbers(seed: (seed, seed))
        let kept = try Signer(service: "dynamodb", region: "eu-central-1")
        for round in 0..<500 {
            let request = self.request(&generator, numbers: &numbers)
            let credentials = Bool.random(using: &generator) ? Self.temporary : Self.lasting
            let date = SigningDate(seconds: Int64.random(in: 1_700_000_000...1_700_300_000, using: &generator))
            let headers = try kept.headers(of: request, with: credentials, at: date)
            // A signer that has signed nothing before has no form to write over.
            var alone = SigningRequest(
                method: "POST", path: request.path, headers: request.headers(with: credentials, at: date), payload: .bytes(request.body))
            try Signer(service: "dynamodb", region: "eu-central-1").sign(&alone, with: credentials, at: date)
            #expect(headers == alone.headers, "seed \(seed), round \(round)")
        }
    }

    @Test("a field of the operation that is written anew by the form as well makes the request an ordinary one")
    func ambiguous() throws {
        var numbers = InvocationNumbers(seed: (1, 2))
        let signer = try Signer(service: "dynamodb", region: "eu-central-1")
        let invocation = Invocation(random: numbers.next(), maxAttempts: 4)
        let date = SigningDate(seconds: 1_700_000_000)
        for body in [[1], [2, 3]] as [[UInt8]] {
            let request = ServiceRequest(
                host: "a.example", path: "/", contentType: "application/x-amz-json-1.0", fields: [("x-amz-date", "20200101T000000Z")],
                invocation: invocation.id, attempt: invocation.request(attempt: 1, ttl: date), body: body)
            var alone = SigningRequest(
                method: "POST", path: "/", headers: request.headers(with: Self.lasting, at: date), payload: .bytes(body))
            try Signer(service: "dynamodb", region: "eu-central-1").sign(&alone, with: Self.lasting, at: date)
            #expect(try signer.headers(of: request, with: Self.lasting, at: date) == alone.headers)
        }
    }

    @Test("names of calls differ and are UUIDs of version 4")
    func names() {
        var numbers = InvocationNumbers(seed: (7, 8))
        let ids = (0..<1000).map { _ in String(decoding: Invocation(random: numbers.next(), maxAttempts: 4).id, as: UTF8.self) }
        #expect(Set(ids).count == 1000)
        for id in ids {
            let parts = id.split(separator: "-")
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "4" && "89ab".contains(parts[3].first ?? "x"))
        }
    }
}
