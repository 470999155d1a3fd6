import EventLoop
import Foundation
import TestSupport
import Testing

@testable import AWS

@Suite("credential_process", .timeLimit(.minutes(1)))
struct ProcessCredentialTests {
    private func load(_ command: String, _ place: CredentialPlace) async throws -> AWSCredentials {
        try await ProcessCredentials(place.context()).credentials(of: command)
    }

    @Test("a program's document gives the credentials, with its token, end and account")
    func document() async throws {
        try await CredentialPlace.with { place in
            let path = try place.file(
                "out.json",
                #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T","Expiration":"2026-11-22T23:00:00+01:00","AccountId":"1"}"#
            )
            let credentials = try await self.load("cat '\(path)'", place)
            #expect(
                credentials
                    == AWSCredentials(
                        accessKeyID: "A", secretAccessKey: "S", sessionToken: "T", expiration: CredentialPlace.now + 3600, accountID: "1"))
            try place.file(".aws/config", "[default]\ncredential_process = cat '\(path)'\n")
            #expect(try await place.chain().credentials() == credentials)
        }
    }

    @Test(
        "what is no use says why, without what was printed",
        arguments: [
            ("echo secret-text", "version 1"), (#"echo '{"Version":2,"AccessKeyId":"A","SecretAccessKey":"S"}'"#, "version 1"),
            (#"echo '{"Version":1,"AccessKeyId":"A"}'"#, "version 1"), ("echo secret-text >&2; exit 3", "status 3"),
            ("kill -9 $$", "status -9"), ("/no/such/program", "status 127"), ("head -c 70000 /dev/zero", "64 KB"),
            (#"echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S","Expiration":"2026-11-22T20:59:59Z"}'"#, "expired"),
            (#"echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S","Expiration":"soon"}'"#, "version 1"),
        ])
    func mistakes(command: String, says: String) async throws {
        try await CredentialPlace.with { place in
            let error = try await awsFailure { _ = try await self.load(command, place) }
            #expect(error.kind == .noCredentials)
            #expect(error.message.contains(says))
            #expect(!error.message.contains("secret-text"))
        }
    }

    @Test("a program that takes too long is killed with all that it started, and the loop goes on meanwhile")
    func slow() async throws {
        try await CredentialPlace.with { place in
            let file = place.folder.file("pid")
            let runner = CommandRunner(loop: place.loop)
            let waiting = Task { try await runner.output(of: "sleep 1000 & echo $! > '\(file)'; wait", within: .seconds(2)) }
            // A turn of the loop, while the program runs.
            await withCheckedContinuation { turned in place.loop.execute { turned.resume() } }
            await #expect(throws: CommandRunner.Failure.tooSlow) { try await waiting.value }
            let pid = try #require(Int32(String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
            // Killed; a child of init by now, which may not have collected it yet.
            let state = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
            #expect(state.isEmpty || state.contains(") Z ") || state.contains(") X "))
        }
    }

    @Test("a cancelled wait ends the program")
    func cancelled() async throws {
        try await CredentialPlace.with { place in
            let started = try StartSignal(in: place.folder)
            let runner = CommandRunner(loop: place.loop)
            let waiting = Task { try await runner.output(of: "\(started.given); sleep 1000", within: .seconds(600)) }
            await started.wait()
            waiting.cancel()
            await #expect(throws: CommandRunner.Failure.cancelled) { try await waiting.value }
        }
    }

    @Test("the end of the loop ends the program")
    func shutDown() async throws {
        let loop = try UVLoop()
        let folder = try TemporaryFolder()
        let started = try StartSignal(in: folder)
        let waiting = Task { try await CommandRunner(loop: loop).output(of: "\(started.given); sleep 1000", within: .seconds(600)) }
        await started.wait()
        await loop.shutdown()
        await #expect(throws: CommandRunner.Failure.cancelled) { try await waiting.value }
    }

    @Test("a program gets no descriptor of this process, its own group and the process's variables")
    func inheritance() async throws {
        try await CredentialPlace.with { place in
            // A descriptor that another part of the program forgot to close.
            let leaked = open("/dev/zero", O_RDONLY)
            defer { close(leaked) }
            let output = try await CommandRunner(loop: place.loop).output(
                of: "readlink /proc/self/fd/*; echo path=$PATH", within: .seconds(50))
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
            #expect(lines.last?.hasPrefix("path=/") == true)
            // Its input and errors, its output, and what listing them opens.
            let files = lines.dropLast().filter { !$0.hasPrefix("/proc/") }
            #expect(files.count == 3 && files.filter { $0 == "/dev/null" }.count == 2, "\(files)")
            #expect(files.filter { $0.hasPrefix("socket:") }.count == 1)
        }
    }
}

/// A program says that it runs: it writes to a pipe with a name, which waits for its reader, as the reader does for it.
private struct StartSignal {
    private let path: String

    init(in folder: TemporaryFolder) throws {
        self.path = folder.file("started")
        try #require(mkfifo(self.path, 0o600) == 0)
    }

    /// The shell command that gives it.
    var given: String { "echo > '\(self.path)'" }

    func wait() async {
        let path = self.path
        await blocking {
            let pipe = open(path, O_RDONLY)
            var byte: UInt8 = 0
            _ = read(pipe, &byte, 1)
            close(pipe)
        }
    }
}
