/// Prints the demo as a person would read it.
struct DemoPrinter: Sendable {
    let script: DemoScript
    /// The store's name.
    let store: String
    let style: Style

    func printOpening() {
        Console.print("An agent, a user, two conversations. The sessions are kept in \(self.store).")
    }

    func print(heading conversation: DemoScript.Conversation) {
        Console.print("\n" + self.style.bold(conversation.title) + self.style.dim("  session \(conversation.session)"))
    }

    func print(_ turn: DemoTurn) {
        var lines = [""]
        if let note = turn.line.note { lines += ["  " + self.style.dim("(\(note))"), ""] }
        lines.append("  " + self.style.blue("User:") + "   " + turn.line.text)
        lines.append("          " + self.style.dim("calls   ") + turn.event.summary)
        lines.append("          " + self.style.dim("answer  ") + self.answer(turn.outcome))
        lines.append("  " + self.style.green("Agent:") + "  " + turn.reply)
        Console.print(lines.joined(separator: "\n"))
    }

    func printClosing() {
        let command = "bedrock-sessions wallet get \(self.script.conversations.last?.session ?? "") --user \(self.script.user)"
        Console.print("\n" + self.style.green("Remembered:") + " both conversations knew \(self.script.wallet).")
        Console.print(self.style.dim("Ask for it yourself: \(command)"))
    }

    private func answer(_ outcome: ActionOutcome?) -> String {
        guard let outcome else { return self.style.red("unreadable") }
        return self.style.bold(outcome.status) + ": " + (outcome.wallet ?? outcome.message)
    }
}
