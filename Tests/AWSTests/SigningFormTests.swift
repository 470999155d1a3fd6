import HTTP
import TestSupport
import Testing

@testable import AWS

@Suite("Requests of one form")
struct SigningFormTests {
    private static let temporary = AWSCredentials(
        accessKeyID: "AKIDTEMPORARY", secretAccessKey: "secret/2", sessionToken: "token+with/signs==")
    private static let lasting = AWSCredentials(accessKeyID: "AKIDLASTING0000", secretAccessKey: "secret/1")
    /// Another secret under the same name.
    private static let rotated = AWSCredentials(accessKeyID: "AKIDLASTING0000", secretAccessKey: "secret/3")

    private func request(_ generator: inout SeededGenerator, numbers: inout InvocationNumbers) -> ServiceRequest {
        // Few shapes: most requests have a form to write over.
        let targets = ["DynamoDB_20120810.GetItem", "DynamoDB_20120810.UpdateItem", nil]
        return ServiceRequest(
            host: ["a.example", "a.example", "b.example:8000"].randomElement(using: &generator) ?? "", path: "/",
            contentType: "application/x-amz-json-1.0", target: targets.randomElement(using: &generator) ?? nil,
            invocation: Invocation(random: numbers.next(), maxAttempts: [4, 4, 12].randomElement(using: &generator) ?? 4),
            attempt: [1, 1, 1, 10].randomElement(using: &generator) ?? 1, ttl: Int64.random(in: 0...4_102_444_800, using: &generator),
            body: (0..<Int.random(in: 0...300, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    @Test("two thousand requests written over each other are signed as each would be alone", arguments: [1, 2] as [UInt64])
    func sameAsOrdinary(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var numbers = InvocationNumbers(seed: (seed, seed))
        let kept = try Signer(service: "dynamodb", region: "eu-central-1")
        for round in 0..<1000 {
            let request = self.request(&generator, numbers: &numbers)
            let credentials = [Self.temporary, Self.lasting, Self.rotated].randomElement(using: &generator) ?? Self.lasting
            // Often the same second, so that what is kept for one is used, now and then another day, so that the key is another one.
            let date = SigningDate(seconds: 1_700_000_000 + Int64.random(in: 0...2, using: &generator) * [1, 86_400][Int(seed) % 2])
            let headers = try kept.headers(of: request, with: credentials, at: date.seconds)
            // A signer that has signed nothing before has no form to write over.
            var alone = SigningRequest(
                method: "POST", path: request.path, headers: request.headers(with: credentials, at: date), payload: .bytes(request.body))
            try Signer(service: "dynamodb", region: "eu-central-1").sign(&alone, with: credentials, at: date)
            #expect(headers == alone.headers, "seed \(seed), round \(round)")
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
