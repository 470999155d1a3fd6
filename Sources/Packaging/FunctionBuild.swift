import Glibc

/// The build of `bootstrap` as a deployment package needs it.
package struct FunctionBuild {
    /// The checkout.
    let source: String

    package init(source: String) {
        self.source = source
    }

    /// The Swift runtime is linked in; libraries are looked for beside the program, by DT_RPATH: Lambda sets LD_LIBRARY_PATH, which would come before a
    /// DT_RUNPATH. Names of functions are left out: they are half of the file.
    package static let options =
        ["--static-swift-stdlib"]
        + ["--disable-new-dtags", "-rpath", "$ORIGIN/lib", "--no-export-dynamic", "--strip-all"].flatMap { ["-Xlinker", $0] }

    /// The `swift` on PATH.
    package func compiler() throws(PackagingError) -> String {
        let path = getenv("PATH")
        let folders = path.map { String(cString: $0).split(separator: ":") } ?? []
        guard let compiler = folders.map({ folder -> String in "\(folder)/swift" }).first(where: { access($0, X_OK) == 0 }) else {
            throw PackagingError("There is no swift on PATH: install the Swift toolchain.")
        }
        return compiler
    }

    /// Builds it and returns where it is. What the compiler says goes to standard error.
    package func run() throws(PackagingError) -> String {
        guard access("\(self.source)/Sources/bootstrap", R_OK) == 0 else {
            throw PackagingError("There is no checkout of bedrock-sessions in \(self.source): run this in one, or name it with --source.")
        }
        let scratch = "\(self.source)/.build-lambda"
        let what = ["build", "-c", "release", "--product", "bootstrap", "--package-path", self.source, "--scratch-path", scratch]
        let command = [try self.compiler()] + what + Self.options
        guard try Self.execute(command) == 0 else { throw PackagingError("The build failed, for the reasons above.") }
        return "\(scratch)/release/bootstrap"
    }

    /// This process's, and one that leaves out the command line's own dependencies: the Lambda has none of them.
    private static var variables: [String] {
        var variables = ["BEDROCK_SESSIONS_LEAN=1"]
        var next = environ
        while let variable = next.pointee {
            let text = String(cString: variable)
            if !text.hasPrefix("BEDROCK_SESSIONS_") { variables.append(text) }
            next += 1
        }
        return variables
    }

    /// Returns the exit code.
    private static func execute(_ command: [String]) throws(PackagingError) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var variables: [UnsafeMutablePointer<CChar>?] = Self.variables.map { strdup($0) } + [nil]
        defer { for variable in variables { free(variable) } }
        var pid: pid_t = 0
        guard posix_spawn(&pid, command[0], &actions, nil, &arguments, &variables) == 0 else {
            throw PackagingError("\(command[0]) cannot be started: check the Swift toolchain.")
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 1
    }
}
