/// What has to be true of a program and its libraries, so that they start in Lambda.
enum PackageRules {
    /// The folder of the libraries, as the program names it.
    static let folder = "$ORIGIN/lib"

    /// Every problem, one sentence each.
    static func problems(program: ELFFile, libraries: [LibraryClosure.Library], machine: Machine) -> [String] {
        var problems: [String] = []
        if program.machine != machine {
            let own = program.machine.map { "for \($0.rawValue)" } ?? "for a processor that Lambda does not have"
            return ["The program is \(own), not for \(machine.rawValue): build it on a machine of that kind."]
        }
        if program.interpreter != self.interpreter(machine) {
            problems.append("The program is not started by \(self.interpreter(machine)): link it with glibc.")
        }
        if !program.runpath.isEmpty || !program.rpath.contains(self.folder) {
            problems.append(
                "The program does not look for its libraries in \(self.folder) first (DT_RPATH): leave --bootstrap out, then it is built so."
            )
        }
        if program.rpath.contains(where: { !$0.hasPrefix("$ORIGIN") }) {
            problems.append("The program looks for libraries in a folder of this machine: leave --bootstrap out, then it is built without.")
        }
        for library in libraries where library.file.runpath.contains(where: { $0 != "$ORIGIN" }) {
            // With a DT_RUNPATH of its own a library does not inherit the program's DT_RPATH.
            problems.append("\(library.name) looks for its own libraries elsewhere (DT_RUNPATH): use the one of Debian.")
        }
        problems += self.versionProblems("bootstrap", program)
        for library in libraries { problems += self.versionProblems(library.name, library.file) }
        return problems
    }

    /// The latest version of each kind that is needed of the system's libraries.
    static func latestVersions(_ files: [ELFFile]) -> [String] {
        var latest: [String: String] = [:]
        for version in files.flatMap(\.requirements).filter({ SystemVersions.isSystemLibrary($0.library) }).map(\.version) {
            guard let kind = SystemVersions.parts(version)?.kind else { continue }
            latest[kind] = latest[kind].map { SystemVersions.later($0, version) } ?? version
        }
        return latest.values.sorted()
    }

    private static func versionProblems(_ name: String, _ file: ELFFile) -> [String] {
        let missing = file.requirements.filter { SystemVersions.isSystemLibrary($0.library) && !SystemVersions.has($0.version) }
        guard !missing.isEmpty else { return [] }
        let versions = Set(missing.map { "\($0.version) of \($0.library)" }).sorted().joined(separator: ", ")
        return [
            "\(name) needs \(versions), which Amazon Linux 2023 does not have: make the package on Debian 12, for example with deploy/lambda.Dockerfile."
        ]
    }

    private static func interpreter(_ machine: Machine) -> String {
        switch machine {
        case .x86_64: "/lib64/ld-linux-x86-64.so.2"
        case .arm64: "/lib/ld-linux-aarch64.so.1"
        }
    }
}
