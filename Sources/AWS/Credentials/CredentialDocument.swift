import JSON

/// The JSON in which containers, instances and programs hand out credentials. Source: AWS SDKs and Tools Reference Guide, "Process credential
/// provider"; EC2 User Guide, "Retrieve security credentials from instance metadata"; they differ in the token's name only.
enum CredentialDocument {
    /// The credentials in it, nil if keys or a readable end are missing.
    static func credentials(_ body: [UInt8]) -> AWSCredentials? {
        guard let document = try? JSONDocument(parsing: body) else { return nil }
        return document.withRoot { root in
            guard let id = root["AccessKeyId"]?.string, let secret = root["SecretAccessKey"]?.string, !id.isEmpty, !secret.isEmpty else {
                return nil
            }
            var expiration: Int64?
            if let text = root["Expiration"]?.string {
                guard let seconds = InstantText.seconds(text) else { return nil }
                expiration = seconds
            }
            return AWSCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: root["Token"]?.string ?? root["SessionToken"]?.string,
                expiration: expiration, accountID: root["AccountId"]?.string)
        }
    }

    /// A number or text at the document's root.
    static func version(_ body: [UInt8]) -> Int64? {
        guard let document = try? JSONDocument(parsing: body) else { return nil }
        return document.withRoot { $0["Version"]?.integer }
    }

    /// A text at the document's root.
    static func text(_ name: String, _ body: [UInt8]) -> String? {
        guard let document = try? JSONDocument(parsing: body) else { return nil }
        return document.withRoot { $0[name]?.string }
    }
}
