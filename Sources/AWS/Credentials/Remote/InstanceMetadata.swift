import HTTP

/// The instance metadata service of EC2, version 2 only: a session token is asked for first, and sent with each question. Source: EC2 User Guide,
/// "Use the Instance Metadata Service to access instance metadata".
struct InstanceMetadata: Sendable {
    private let context: CredentialContext
    private let url: String
    private let attempts: Int
    private let patience: Duration

    /// How long a session lasts, seconds: the longest there is.
    private static let sessionLength = 21_600

    /// Why there is no answer.
    enum Silence: Error {
        /// Nobody answers: this is no instance, or the answers do not reach a container on it.
        case unreachable
        /// The service refuses, or is switched off for this instance.
        case refused(Int)
        /// There is nothing at this path.
        case missing
    }

    /// Nil when it is switched off (`AWS_EC2_METADATA_DISABLED`). Throws for an address or number that cannot be used.
    init?(_ context: CredentialContext, files: ProfileFiles?) throws(AWSError) {
        let environment = context.environment
        if environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" { return nil }
        self.context = context
        self.url = try Self.address(
            endpoint: environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? files?["ec2_metadata_service_endpoint"],
            mode: environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] ?? files?["ec2_metadata_service_endpoint_mode"])
        self.patience = .seconds(
            try Self.number(
                environment["AWS_METADATA_SERVICE_TIMEOUT"] ?? files?["metadata_service_timeout"], "AWS_METADATA_SERVICE_TIMEOUT"))
        self.attempts = try Self.number(
            environment["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] ?? files?["metadata_service_num_attempts"], "AWS_METADATA_SERVICE_NUM_ATTEMPTS"
        )
    }

    /// The service's address without a slash at its end.
    static func address(endpoint: String?, mode: String?) throws(AWSError) -> String {
        if let endpoint {
            let url = try AWSEndpoint(url: endpoint, from: "AWS_EC2_METADATA_SERVICE_ENDPOINT").url
            return url.hasSuffix("/") ? String(url.dropLast()) : url
        }
        switch mode?.lowercased() {
        case nil, "ipv4": return "http://169.254.169.254"
        case "ipv6": return "http://[fd00:ec2::254]"
        default: throw AWSError(.configuration, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is IPv4 or IPv6: correct it.")
        }
    }

    private static func number(_ text: String?, _ variable: String) throws(AWSError) -> Int {
        guard let text else { return 1 }
        guard let number = Int(text), (1...3600).contains(number) else {
            throw AWSError(.configuration, "\(variable) is a whole number from 1 to 3600: correct it.")
        }
        return number
    }

    /// A session's token.
    func token() async throws(Silence) -> String {
        let headers = HTTPHeaders([("X-aws-ec2-metadata-token-ttl-seconds", "\(Self.sessionLength)")])
        let answer = try await self.send("PUT", "/latest/api/token", headers)
        guard answer.status == 200 else { throw .refused(answer.status) }
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// What is at a path below `/latest/meta-data/`.
    func value(_ path: String, token: String) async throws(Silence) -> [UInt8] {
        let answer = try await self.send("GET", "/latest/meta-data/" + path, HTTPHeaders([("X-aws-ec2-metadata-token", token)]))
        switch answer.status {
        case 200: return answer.body
        case 404: throw .missing
        default: throw .refused(answer.status)
        }
    }

    private func send(_ method: String, _ path: String, _ headers: HTTPHeaders) async throws(Silence) -> HTTPAnswer {
        do throws(HTTPError) {
            return try await self.context.send(
                HTTPCall(method: method, url: self.url + path, headers: headers), over: self.context.local, attempts: self.attempts,
                deadline: self.patience)
        } catch {
            throw .unreachable
        }
    }
}
