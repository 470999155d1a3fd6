import Glibc
import TestSupport
import Testing

@Suite("Processes that tests start", .timeLimit(.minutes(1)))
struct ChildProcessTests {
    @Test("what it prints and how it ends are seen; it has the folder and the variables that it is given")
    func run() async throws {
        let folder = try TemporaryFolder()
        let (output, end) = try await ChildProcess.run(
            ["/bin/sh", "-c", "pwd; echo $A >&2; exit 7"], environment: ["A": "b"], directory: folder.path)
        #expect(output == "\(folder.path)\nb\n")
        #expect(end == .exit(code: 7))
    }

    @Test("its streams lead to files when that is asked for")
    func files() async throws {
        let folder = try TemporaryFolder()
        let input = try folder.file("in", Array("hello".utf8))
        let process = try ChildProcess(["cat"], redirection: .init(input: input, output: folder.file("out")))
        #expect(await process.ended() == .exit(code: 0))
        #expect(try await ChildProcess.run(["cat", folder.file("out")]).output == "hello")
    }

    @Test("a signal reaches it; its end may be asked for again")
    func signal() async throws {
        let process = try ChildProcess(["sh", "-c", "echo ready; exec sleep 3600"])
        #expect(await process.output(containing: "ready").found)
        process.signal(SIGTERM)
        #expect(await process.ended() == .signal(SIGTERM))
        #expect(process.end() == .signal(SIGTERM))
    }

    @Test("a cancelled reader or waiter ends it")
    func cancellation() async throws {
        let reading = Task { try await ChildProcess.run(["sleep", "3600"]).end }
        reading.cancel()
        #expect(try await reading.value == .signal(SIGKILL))
        let process = try ChildProcess(["sleep", "3600"])
        let waiting = Task { await process.ended() }
        waiting.cancel()
        #expect(await waiting.value == .signal(SIGKILL))
    }

    @Test("forgotten, it is killed: nobody holds its output any more")
    func forgotten() async throws {
        var process: ChildProcess? = try ChildProcess(["sleep", "3600"])
        let pid = try #require(process?.pid)
        process?.discardOutput()
        process = nil
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
    }

    @Test("a program that is not there is an error")
    func missing() {
        #expect(throws: ChildProcess.LaunchError.self) { try ChildProcess(["no-such-program-anywhere"]) }
    }
}
