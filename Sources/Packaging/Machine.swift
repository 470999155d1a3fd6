/// The processors that Lambda has, with the names that AWS gives them.
package enum Machine: String, CaseIterable, Sendable {
    case x86_64
    case arm64

    /// What `--arch` says; `amd64` and `aarch64` are the same two, as others call them.
    package init?(argument: String) {
        switch argument.lowercased() {
        case "x86_64", "amd64": self = .x86_64
        case "arm64", "aarch64": self = .arm64
        default: return nil
        }
    }

    /// This one.
    package static var current: Machine {
        #if arch(arm64)
            .arm64
        #else
            .x86_64
        #endif
    }

    /// Its number in an ELF file (gABI, "Machine").
    init?(elf number: UInt16) {
        switch number {
        case 62: self = .x86_64
        case 183: self = .arm64
        default: return nil
        }
    }
}
