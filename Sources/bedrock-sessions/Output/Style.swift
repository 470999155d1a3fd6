import Glibc

/// Colours for a terminal; plain text for anything else, and where `NO_COLOR` asks for it (https://no-color.org).
struct Style {
    private let isColoured: Bool

    /// The style of this process's standard output.
    init(environment: (String) -> String? = Variables.value) {
        self.isColoured = Console.isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    }

    func bold(_ text: String) -> String { self.paint(text, "1") }
    func dim(_ text: String) -> String { self.paint(text, "2") }
    func green(_ text: String) -> String { self.paint(text, "32") }
    func red(_ text: String) -> String { self.paint(text, "31") }
    func blue(_ text: String) -> String { self.paint(text, "34") }

    private func paint(_ text: String, _ code: String) -> String {
        self.isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
