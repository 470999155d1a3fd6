import EventLoop
import Glibc
import JSON
import Packaging
import TestSupport
import Testing

/// What is deployed: not the program that the build made beside the tests, but the files of the zip.
@Suite(
    "The deployment package", .enabled(if: TestEnvironment.expects("unzip"), "unzip is not installed"),
    .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)),
    .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(15)))
struct PackageTests {
    /// Lambda's, with folders that a library could be found in by mistake.
    private static let libraryPath = "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"

    @Test("it holds the program, its libraries and the licences, and needs no more than Amazon Linux 2023 has")
    func contents() async throws {
        let function = try await PackagedFunction.made()
        let names = function.package.items.map(\.name)
        #expect(names.first == "bootstrap" && names.contains("lib/libcurl.so.4") && names.contains("lib/libssl.so.3"))
        #expect(
            !names.contains { $0.contains("libc.so") || $0.contains("libstdc++") || $0.contains("libgcc_s") || $0.contains("swift.so") })
        for licence in ["bedrock-sessions.txt", "swift.txt", "swift-log.txt", "libcurl4.txt", "libssl3.txt", "common/LGPL-2.1"] {
            #expect(names.contains("licences/\(licence)"), "\(licence)")
        }
        #expect(function.package.zip.count < 12_000_000, "\(function.package.zip.count) bytes")
        // As another reader of the files sees them.
        let needs = try await ChildProcess.run([
            "sh", "-c", "readelf -VW \"$1\"/var/task/bootstrap \"$1\"/var/task/lib/*", "sh", function.root,
        ])
        let versions = needs.output.split(separator: "\n").filter { $0.contains("Name: GLIBC_2.") && !$0.contains("Rev:") }
        #expect(!versions.isEmpty)
        for minor in 35...60 { #expect(!versions.contains { $0.contains("GLIBC_2.\(minor) ") }) }
    }

    @Test(
        "unpacked where there is nothing but glibc, libgcc_s and libstdc++, it plays the demo's conversations",
        .enabled(if: geteuid() == 0 || TestEnvironment.isCI, "chroot needs root"), arguments: TwoConversations.Styles.allCases)
    func empty(styles: TwoConversations.Styles) async throws {
        let function = try await PackagedFunction.made()
        let redis = try RedisServer()
        let place = try await Place(redis: redis)
        var environment = place.environment
        environment["LD_LIBRARY_PATH"] = Self.libraryPath
        environment["LAMBDA_TASK_ROOT"] = "/var/task"
        var agent = Agent(try LambdaProcess(environment, command: ["chroot", function.root, "/var/task/bootstrap"]))
        try await agent.play(TwoConversations(styles, name: "ada-\(place.table)"))
        #expect(await agent.lambda.stop() == .exit(code: 0))
        await place.loop.shutdown()
    }

    @Test(
        "Redis is trusted by the authorities that Amazon Linux has, at both of its paths, and by nobody else's",
        .enabled(if: geteuid() == 0 || TestEnvironment.isCI, "chroot needs root"),
        .enabled(if: TestAuthority.isAvailable, Comment(rawValue: TestAuthority.skipReason)))
    func authorities() async throws {
        let function = try await PackagedFunction.made()
        let (authority, stranger) = (try await TestAuthority(), try await TestAuthority(name: "stranger"))
        let redis = try RedisServer(options: RedisServer.options(await authority.certificate("redis"), authority), isEncrypted: true)
        let paths = ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"]
        for (path, trusted) in paths.map({ ($0, authority) }) + [(paths[0], stranger)] {
            // A root folder of its own, with the same files.
            let folder = try TemporaryFolder()
            let root = folder.file("root")
            let script = #"cp -a "$1" "$2" && mkdir -p "$2$(dirname "$3")" && cp "$4" "$2$3""#
            let made = try await ChildProcess.run(["sh", "-c", script, "sh", function.root, root, path, trusted.file])
            try #require(made.end == .exit(code: 0), "\(made.output)")
            let environment = [
                "BEDROCK_SESSIONS_STORE": "memory", "BEDROCK_SESSIONS_REDIS_URL": redis.url, "LD_LIBRARY_PATH": Self.libraryPath,
                "BEDROCK_SESSIONS_SEAL_KEYS": "none", "LAMBDA_TASK_ROOT": "/var/task",
            ]
            var agent = Agent(try LambdaProcess(environment, command: ["chroot", root, "/var/task/bootstrap"]))
            try await agent.play(TwoConversations(.functionThenAPI, name: "ada"))
            #expect(await agent.lambda.stop() == .exit(code: 0))
            let log = await agent.lambda.process.restOfOutput()
            #expect(log.contains("certificate") == (trusted === stranger), "\(path): \(log)")
        }
    }

    @Test("its own libraries come before those of LD_LIBRARY_PATH, which Lambda sets")
    func libraryPath() async throws {
        let function = try await PackagedFunction.made()
        let libraries = try await ChildProcess.run(
            ["ldd", function.bootstrap],
            environment: ["LD_LIBRARY_PATH": "/usr/lib/x86_64-linux-gnu:/usr/lib/aarch64-linux-gnu", "PATH": "/usr/bin:/bin"])
        for line in libraries.output.split(separator: "\n") where line.contains("=>") && !SystemLibraries.isOne(line) {
            #expect(line.contains("\(function.root)/var/task/lib/"), "\(line)")
        }
    }

    @Test("deployed to a Lambda, it plays the demo's conversations", arguments: TwoConversations.Styles.allCases)
    func deployed(styles: TwoConversations.Styles) async throws {
        let function = try await PackagedFunction.made()
        let redis = try RedisServer()
        let place = try await Place(redis: redis)
        var variables = place.environment.filter { !["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"].contains($0.key) }
        variables["BEDROCK_SESSIONS_REDIS_URL"] = redis.url
        let lambda = try await LambdaService(name: "f-\(place.table)")
        try await lambda.create(zip: function.package.zip, variables: variables)
        for (number, step) in TwoConversations(styles, name: "ada-\(place.table)").steps.enumerated() {
            let reply = try BedrockReply(try await lambda.invoke(step.event.encoded))
            #expect(reply.status == step.status && reply.wallet == step.wallet, "turn \(number): \(reply.answer)")
        }
        try await lambda.close()
        await place.loop.shutdown()
    }
}

/// Names that Lambda's system has.
private enum SystemLibraries {
    static func isOne(_ line: Substring) -> Bool {
        let name = line.split { $0 == " " || $0 == "\t" }.first ?? ""
        return ["libc.so", "libm.so", "libgcc_s", "libstdc++", "libresolv", "libpthread", "libdl.so", "librt.so"].contains {
            name.hasPrefix($0)
        }
    }
}
