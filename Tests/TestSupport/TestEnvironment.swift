package import Foundation

/// What the test run was given, and what this machine has.
package enum TestEnvironment {
    /// A variable; nil when it is unset or blank.
    package static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The folder of this checkout.
    package static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Whether what is missing here is a failure, not a reason to skip.
    package static var isCI: Bool { self.variable("CI") != nil }

    /// Where a program is: in `folders`, or else on `PATH`.
    package static func program(_ name: String, in folders: [String] = []) -> String? {
        let path = (self.variable("PATH") ?? "").split(separator: ":").map(String.init)
        return (folders + path).map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Whether tests that need a program are to run: it is here, or this is CI.
    package static func expects(_ program: String) -> Bool {
        self.isCI || self.program(program) != nil
    }

    /// The path of another product of this package: the build puts them all beside the test bundle.
    package static func product(_ name: String) -> String {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent(name).path
    }
}
