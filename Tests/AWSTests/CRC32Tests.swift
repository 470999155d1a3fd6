import EventLoop
import HTTP
import TestSupport
import Testing

@testable import AWS

@Suite("CRC-32 of answers", .timeLimit(.minutes(1)))
struct CRC32Tests {
    @Test("the check value of the catalogue, and other published ones")
    func checkValues() {
        for (text, value) in [
            ("123456789", 0xCBF4_3926), ("", 0), ("a", 0xE8B7_BE43), ("abc", 0x3524_41C2),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)] {
            #expect(CRC32.checksum(Array(text.utf8)) == value, "\(text)")
        }
    }

    /// Byte by byte, bit by bit: slow, and plainly the definition.
    private func slow(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = ~0
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
        }
        return ~value
    }

    @Test("eight bytes a step or one bit a step: the same, for every length")
    func everyLength() {
        var random = SeededGenerator(seed: 32)
        for length in 0..<130 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            #expect(CRC32.checksum(bytes) == self.slow(bytes), "\(length) bytes")
        }
    }

    @Test("any damaged bit is noticed; a field that is no number is damage, a missing one is not")
    func damage() {
        let body = Array(#"{"Item":{"session_id":{"S":"s"}}}"#.utf8)
        let sum = "\(CRC32.checksum(body))"
        func answer(_ body: [UInt8], _ field: String?) -> HTTPAnswer {
            HTTPAnswer(status: 200, headers: HTTPHeaders(field.map { [("X-Amz-Crc32", $0)] } ?? []), body: body)
        }
        #expect(answer(body, sum).hasIntactBody)
        #expect(answer(body, nil).hasIntactBody)
        for index in body.indices {
            for bit in 0..<8 {
                var damaged = body
                damaged[index] ^= 1 << UInt8(bit)
                #expect(!answer(damaged, sum).hasIntactBody)
            }
        }
        for field in ["", "x", "-1", "+1", "0x10", sum + " 1", sum + "0", "99999999999999999999999999"] {
            #expect(!answer(body, field).hasIntactBody, "\(field)")
        }
        #expect(answer([], "0").hasIntactBody)
    }

    private func with<Result>(_ server: HTTPLoopback, _ body: (AWSServiceClient) async throws -> Result) async throws -> Result {
        let loop = try UVLoop()
        let endpoint = try AWSEndpoint(url: server.url)
        let keys = AWSCredentials(accessKeyID: "AKIDTEST", secretAccessKey: "secret-of-test")
        let client = try AWSServiceClient(
            configuration: AWSServiceConfiguration(service: "dynamodb", region: "eu-central-1", endpoint: endpoint),
            http: HTTPClient(loop: loop), loop: loop, credentials: CredentialChain([StaticCredentials(keys)], now: { 0 }),
            clock: AWSClock(seconds: { 1_440_938_160 }, uptime: AWSClock.system.uptime, random: { 0 }))
        do {
            let result = try await body(client)
            await loop.shutdown()
            return result
        } catch {
            await loop.shutdown()
            throw error
        }
    }

    @Test("a read whose answer was damaged is sent again; the intact answer is the result", arguments: [200, 400])
    func readRepeated(status: Int) async throws {
        let body = #"{"Item":{}}"#
        let sum = "\(CRC32.checksum(Array(body.utf8)))"
        let server = try HTTPLoopback { request in
            request.number == 1 ? .answer(status, [("x-amz-crc32", sum)], #"{"Item":[]}"#) : .answer(200, [("x-amz-crc32", sum)], body)
        }
        let answer = try await self.with(server) { client in
            try await client.call(AWSCall(target: "DynamoDB_20120810.GetItem", body: [], retryAfterSent: true), deadline: .seconds(40))
        }
        #expect(answer.body == Array(body.utf8))
        #expect(server.requests.count == 2)
    }

    @Test("a write whose answer was damaged is sent once, and its outcome is unknown", arguments: [200, 400])
    func writeUnknown(status: Int) async throws {
        let server = try HTTPLoopback { _ in
            .answer(status, [("x-amz-crc32", "1"), ("x-amzn-RequestId", "R7")], #"{"__type":"x#ConditionalCheckFailedException"}"#)
        }
        let error = await #expect(throws: AWSError.self) {
            try await self.with(server) { client in
                try await client.call(
                    AWSCall(target: "DynamoDB_20120810.UpdateItem", body: [], retryAfterSent: false), deadline: .seconds(40))
            }
        }
        #expect(error?.code == "checksumMismatch" && error?.kind == .lostAnswer)
        #expect(error?.outcome == .unknown && error?.requestID == "R7")
        #expect(server.requests.count == 1)
    }
}
