import JSON
import Testing

@Suite("demo", .timeLimit(.minutes(1)))
struct DemoTests {
    @Test("both conversations know the wallet, in each run, and a file is all it needs")
    func text() async throws {
        let tool = try CommandLineTool()
        for _ in 0..<2 {
            let outcome = try await tool.run("demo")
            #expect(outcome.exitCode == 0)
            #expect(outcome.errors == "")
            #expect(outcome.output.contains("User:   0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"))
            #expect(outcome.output.contains("Remembered: both conversations knew 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed."))
            #expect(!outcome.output.contains("\u{1B}"))
        }
    }

    @Test("the document holds each event and answer; what was asked for once is known three times")
    func document() async throws {
        let outcome = try await CommandLineTool().run("demo", "--store", "memory", "--json")
        #expect(outcome.exitCode == 0)
        let document = try outcome.json
        #expect(document["remembered"] == true)
        let turns = (document["conversations"]?.elements ?? []).flatMap { $0["turns"]?.elements ?? [] }
        let functions = turns.map { $0["event"]?["function"]?.string ?? $0["event"]?["httpMethod"]?.string }
        #expect(functions == ["recallWallet", "rememberWallet", "recallWallet", "GET"])
        let words = turns.map { turn -> String? in
            let response = turn["answer"]?["response"]
            let body = (response?["functionResponse"] ?? response)?["responseBody"]
            let text = (body?["TEXT"] ?? body?["application/json"])?["body"]?.string ?? ""
            return (try? JSONValue(parsing: Array(text.utf8)))?["status"]?.string
        }
        #expect(words == ["needed", "stored", "known", "known"])
    }

    @Test("where the store does not work the agent says so, and the demo fails")
    func failure() async throws {
        let outcome = try await CommandLineTool().run("demo", "--store", "sqlite:/proc/none/sessions.db")
        #expect(outcome.exitCode != 0)
        #expect(outcome.errorLines.count == 1)
    }
}
