import EventLoop
import Foundation
import TestSupport
import Testing

@testable import AWS

/// A home folder, variables and a loop for credential sources.
struct CredentialPlace: Sendable {
    let folder: TemporaryFolder
    let loop: UVLoop
    let clock: AWSClock

    /// 2026-11-22T21:00:00Z
    static let now: Int64 = 1_795_381_200

    /// Runs `body` with a place of its own.
    static func with<Result>(_ body: (CredentialPlace) async throws -> Result) async throws -> Result {
        let place = CredentialPlace(
            folder: try TemporaryFolder(), loop: try UVLoop(),
            clock: AWSClock(seconds: { Self.now }, uptime: AWSClock.system.uptime, random: { 0 }))
        do {
            let result = try await body(place)
            await place.loop.shutdown()
            return result
        } catch {
            await place.loop.shutdown()
            throw error
        }
    }

    /// A file below the home folder; its path.
    @discardableResult
    func file(_ name: String, _ text: String) throws -> String {
        let path = self.folder.file(name)
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        return try self.folder.file(name, Array(text.utf8))
    }

    /// The chain that a program with these variables has. There is no instance metadata unless they say so.
    func chain(_ variables: [String: String] = [:]) -> CredentialChain {
        .standard(Environment(self.variables(variables)), loop: self.loop, clock: self.clock)
    }

    func context(_ variables: [String: String] = [:]) -> CredentialContext {
        CredentialContext(environment: Environment(self.variables(variables)), loop: self.loop, clock: self.clock)
    }

    private func variables(_ variables: [String: String]) -> [String: String] {
        let own = ["HOME": self.folder.path, "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-central-1"]
        return own.merging(variables) { $1 }
    }
}

/// The error that `body` throws.
func awsFailure(_ body: () async throws -> Void) async throws -> AWSError {
    do {
        try await body()
        Issue.record("it did not fail")
        return AWSError(.crypto, "")
    } catch let error as AWSError {
        return error
    }
}

/// Answers of STS, as it writes them.
enum STSAnswers {
    static func assumed(_ id: String, action: String = "AssumeRole") -> HTTPLoopback.Reply {
        .answer(
            200, [("Content-Type", "text/xml")],
            """
            <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result>
            <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn><AssumedRoleId>X:s</AssumedRoleId></AssumedRoleUser>
            <Credentials><AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>secret-of-\(id)</SecretAccessKey>
            <SessionToken>token&amp;of-\(id)</SessionToken><Expiration>2026-11-22T22:00:00.000Z</Expiration></Credentials>
            </\(action)Result></\(action)Response>
            """)
    }

    static func refused(_ code: String) -> HTTPLoopback.Reply {
        .answer(
            403, [],
            "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>User arn:aws:iam::1:user/bob may not</Message></Error></ErrorResponse>"
        )
    }

    /// The fields of a form.
    static func form(_ request: HTTPLoopback.Request) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in String(decoding: request.body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
            fields[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        return fields
    }
}
