import Adapter
import ArgumentParser
import JSON
import SessionStore

/// `invoke EVENT.json`
struct Invoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one event of a Bedrock action group through the adapter and print the answer.",
        discussion: """
            The event is JSON in either style: OpenAPI (apiPath, httpMethod, requestBody) or function details (function, parameters). The answer is JSON \
            in the same style. A plain object with a session_id, as people send it to try a function out, is answered with what is stored. Exit code 1 when the event is malformed, and when the answer says that the action failed for reasons that neither the \
            model nor the user can resolve.

            Examples:
              bedrock-sessions invoke event.json
              echo '{"messageVersion":"1.0","sessionId":"s-1","actionGroup":"wallet","function":"recallWallet"}' | bedrock-sessions invoke -
            """)

    @Argument(help: ArgumentHelp("The file with the event; - for standard input.", valueName: "event.json"))
    var event: String
    @Flag(help: "The answer is JSON anyway; accepted so that it works with every command.")
    var json = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let configuration = try self.store.adapterConfiguration
        let event = try Self.read(self.event, limit: configuration.maximumEventBytes)
        try await self.store.withStore { stores in
            let answer = await stores.adapter(configuration).respond(to: event)
            Console.print(answer)
            if let page = try? JSONValue(parsing: answer), page["messageVersion"] == nil {
                // Plain JSON: the event was a test event.
                if page["error"] != nil { throw CommandFailure.failed(page["message"]?.string ?? "the event was refused") }
                return
            }
            do throws(ActionDecodingError) {
                _ = try ActionRequest(decoding: event)
            } catch {
                throw CommandFailure.failed(error.message)
            }
            if let outcome = ActionOutcome(answer), outcome.isFailure { throw CommandFailure.failed(outcome.message) }
        }
    }

    private static func read(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        guard let event = path == "-" ? Console.read(limit: limit) : Console.read(file: path, limit: limit) else {
            throw .failed(
                "the event cannot be read, or has more than \(limit >> 20) MB: name a file with one event, or - for standard input")
        }
        return event
    }
}
