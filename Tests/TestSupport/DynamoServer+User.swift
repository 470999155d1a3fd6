import EventLoop
import HTTP

extension DynamoServer {
    /// The same server with a user's keys in place of the root's: ministack verifies the signatures of its IAM users only, the root's key passes with
    /// any signature. A server without IAM is left as it is.
    func withVerifiedUser() async -> DynamoServer {
        guard let loop = try? UVLoop(name: "iam") else { return self }
        let http = HTTPClient(loop: loop)
        let name = Self.tableName("tester")
        let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:*","sts:*"],"Resource":"*"}]}"#
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","#
            + #""Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity"]}]}"#
        var answer: String?
        var role: String?
        for form in [
            "Action=CreateRole&RoleName=\(name)&AssumeRolePolicyDocument=\(Self.encoded(trust))",
            "Action=PutRolePolicy&RoleName=\(name)&PolicyName=tables&PolicyDocument=\(Self.encoded(policy))",
            "Action=CreateUser&UserName=\(name)",
            "Action=PutUserPolicy&UserName=\(name)&PolicyName=tables&PolicyDocument=\(Self.encoded(policy))",
            "Action=CreateAccessKey&UserName=\(name)",
        ] {
            answer = await self.post(form + "&Version=2010-05-08", http)
            guard let answer else { break }
            role = role ?? Self.element("Arn", in: answer)
        }
        await http.close()
        await loop.shutdown()
        guard let answer, let id = Self.element("AccessKeyId", in: answer), let secret = Self.element("SecretAccessKey", in: answer) else {
            return self
        }
        return DynamoServer(endpoint: self.endpoint, accessKeyID: id, secretAccessKey: secret, roleARN: role)
    }

    /// The same server with the keys of a user who may do these things with tables and nothing else; nil on a server without IAM.
    package func withUser(allowing actions: [String]) async throws -> DynamoServer? {
        guard self.roleARN != nil else { return nil }
        let loop = try UVLoop(name: "iam")
        let http = HTTPClient(loop: loop)
        let root = DynamoServer(endpoint: self.endpoint, accessKeyID: Self.rootKey.id, secretAccessKey: Self.rootKey.secret)
        let name = Self.tableName("limited")
        let list = actions.map { "\"\($0)\"" }.joined(separator: ",")
        let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[\#(list)],"Resource":"*"}]}"#
        var answer: String?
        for form in [
            "Action=CreateUser&UserName=\(name)",
            "Action=PutUserPolicy&UserName=\(name)&PolicyName=tables&PolicyDocument=\(Self.encoded(policy))",
            "Action=CreateAccessKey&UserName=\(name)",
        ] {
            answer = await root.post(form + "&Version=2010-05-08", http)
            if answer == nil { break }
        }
        await http.close()
        await loop.shutdown()
        guard let answer, let id = Self.element("AccessKeyId", in: answer), let secret = Self.element("SecretAccessKey", in: answer) else {
            throw ChildProcess.LaunchError("the server makes no user with rights of its own")
        }
        return DynamoServer(endpoint: self.endpoint, accessKeyID: id, secretAccessKey: secret)
    }

    private func post(_ form: String, _ http: HTTPClient) async -> String? {
        var headers = HTTPHeaders()
        headers.append("Content-Type", "application/x-www-form-urlencoded")
        // The scope names the service; the root's signature is not looked at.
        headers.append(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=\(self.accessKeyID)/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=00")
        let call = HTTPCall(method: "POST", url: self.endpoint, headers: headers, body: Array(form.utf8))
        guard let answer = try? await http.send(call, deadline: .seconds(40)), answer.status == 200 else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// Percent-encodes all but letters and digits.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = UnicodeScalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte)
            return isPlain && byte < 0x80
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private static func element(_ name: String, in xml: String) -> String? {
        let parts = xml.split(separator: "<\(name)>", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return parts[1].split(separator: "<", maxSplits: 1).first.map(String.init)
    }
}
