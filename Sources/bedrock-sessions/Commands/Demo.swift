import ArgumentParser
import JSON
import Settings

/// `demo`
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch an agent remember a wallet from one conversation to the next.",
        discussion: """
            Runs two conversations through the real adapter with real events of a Bedrock action group, and prints them turn by turn: in the first the \
            agent asks for a wallet, is given one, and knows it later in the same session; the second is a new session of the same user. Between the \
            two the store is closed and opened again. Exit code 0 only if both knew the wallet.

            Each run uses a session and a user of its own. It needs no service: unless told otherwise it works on the file .data/sessions.db.

            Examples:
              bedrock-sessions demo
              bedrock-sessions demo --json
              bedrock-sessions demo --store dynamodb --table sessions --redis redis://127.0.0.1:6379
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try self.store.settings()
        let configuration = try self.store.adapterConfiguration
        let script = DemoScript(name: DemoScript.randomName())
        let printer = self.output.json ? nil : DemoPrinter(script: script, store: settings.store.name, style: Style())
        let player = DemoPlayer(script: script, configuration: configuration, printer: printer)
        printer?.printOpening()
        var conversations: [[DemoTurn]] = []
        if settings.store == .memory {
            // Closed, it would have forgotten everything.
            conversations = try await self.store.withStore(settings: settings) { await player.playAll(on: $0) }
        } else {
            for conversation in script.conversations {
                conversations.append(try await self.store.withStore(settings: settings) { await player.play(conversation, on: $0) })
            }
        }

        let knew = script.isRemembered(in: conversations)
        if self.output.json { Console.print(DemoDocument.json(script, conversations, remembered: knew).encoded) }
        guard knew else {
            throw CommandFailure.failed("the agent did not know the wallet at the end of each conversation; the answers above say why")
        }
        printer?.printClosing()
    }
}
