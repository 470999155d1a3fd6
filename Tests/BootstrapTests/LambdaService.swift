import EventLoop
import HTTP
import JSON
import TestSupport

/// A function of ministack's own Lambda, which runs `provided.al2023` without containers.
struct LambdaService {
    let name: String
    private let server: DynamoServer
    private let loop: UVLoop
    private let client: HTTPClient

    init(name: String) async throws {
        self.name = name
        self.server = try await DynamoServer.running()
        self.loop = try UVLoop(name: "lambda-service")
        self.client = HTTPClient(loop: self.loop)
    }

    /// Creates it from a zip.
    func create(zip: [UInt8], variables: [String: String]) async throws {
        let values = variables.map { JSONValue.Member($0.key, .string($0.value)) }
        let request: JSONValue = [
            "FunctionName": .string(self.name), "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 30,
            "Role": .string(self.server.roleARN ?? "arn:aws:iam::000000000000:role/lambda"), "Code": ["ZipFile": .string(Self.base64(zip))],
            "Environment": ["Variables": .object(values)],
        ]
        let answer = try await self.send("POST", "/2015-03-31/functions", request.encoded)
        guard answer.status == 201 else { throw ChildProcess.LaunchError("no function: \(String(decoding: answer.body, as: UTF8.self))") }
    }

    /// Sends an event and answers with what the function does.
    func invoke(_ event: [UInt8]) async throws -> [UInt8] {
        let answer = try await self.send("POST", "/2015-03-31/functions/\(self.name)/invocations", event)
        guard answer.status == 200, answer.headers["X-Amz-Function-Error"] == nil else {
            throw ChildProcess.LaunchError("the function failed: \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.body
    }

    /// Removes it.
    func close() async throws {
        _ = try await self.send("DELETE", "/2015-03-31/functions/\(self.name)", [])
        await self.client.close()
        await self.loop.shutdown()
    }

    private func send(_ method: String, _ path: String, _ body: [UInt8]) async throws -> HTTPAnswer {
        // The root's signature is not looked at; its scope names the service.
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(DynamoServer.rootKeyID)/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00"
        let headers = HTTPHeaders([("Content-Type", "application/json"), ("Authorization", authorization)])
        let call = HTTPCall(method: method, url: self.server.endpoint + path, headers: headers, body: body, isRepeatable: false)
        return try await self.client.send(call, deadline: .seconds(60))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 3 * 4 + 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
