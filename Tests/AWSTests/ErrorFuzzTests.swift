import HTTP
import TestSupport
import Testing

@testable import AWS

/// Whatever an endpoint answers, it becomes an error that may be logged.
@Suite("Error answers that are none")
struct ErrorFuzzTests {
    private static let bodies = [
        #"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed","Item":{"a":{"S":"b"}}}"#,
        #"{"__type":"com.amazon.coral.validate#ValidationException","Message":"One or more parameter values were invalid: ä😀"}"#,
        #"{"code":"ThrottlingException:http://internal.amazon.com/coral/","message":"Rate exceeded\nHost: secret"}"#, "<html>502</html>",
        "",
    ]
    private static let fields = [
        "x-amzn-errortype: AccessDeniedException:http://internal/", "X-Amz-Crc32: 2745614147", "Date: Sun, 22 Nov 2026 08:49:37 GMT",
        "x-amz-retry-after: 1500", "x-amzn-RequestId: T1KQ\u{7f}", "Retry-After: 99999999999999999999", "Content-Length: 5",
    ]

    @Test("each of many broken answers becomes an error of bounded code and message", arguments: [1, 2] as [UInt64])
    func errors(seed: UInt64) {
        var bodies = DocumentMutator(Self.bodies, seed: seed)
        var fields = DocumentMutator(Self.fields, seed: seed &+ 1)
        for round in 0..<DocumentMutator.inputs(usually: 20_000) / 2 {
            var headers = HTTPHeaders()
            for _ in 0..<3 {
                let field = String(decoding: fields.next(), as: UTF8.self).split(
                    separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                headers.append(String(field[0]), field.count > 1 ? String(field[1]) : "")
            }
            let answer = HTTPAnswer(status: 400 + round % 200, headers: headers, body: bodies.next())
            let error = AWSError(answer, attempts: 1)
            #expect(!error.code.isEmpty && error.code.utf8.count <= 100, "seed \(seed), round \(round)")
            #expect(error.code.utf8.allSatisfy { PercentEncoding.isUnreserved($0) }, "seed \(seed), round \(round)")
            // The message, and the sentence that says what to do.
            #expect(error.message.count < 600, "seed \(seed), round \(round)")
            #expect(error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }, "seed \(seed), round \(round)")
            _ = (answer.date, answer.hasIntactBody, answer.retryAfter)
        }
    }
}
