import Foundation
import Packaging
import TestSupport

/// The deployment package of this checkout, made once for all tests.
struct PackagedFunction {
    let package: DeploymentPackage
    /// Where the zip is, and its files below `root`. Always the same folder: all tests share it, and nobody knows who is the last.
    let folder: String

    var zip: String { self.folder + "/function.zip" }
    var root: String { self.folder + "/root" }
    var bootstrap: String { self.root + "/var/task/bootstrap" }

    /// Builds it, as `bedrock-sessions package` does. The first build takes minutes.
    static func made() async throws -> PackagedFunction { try await self.once.value }

    private static let once = Task {
        let source = TestEnvironment.repository.path
        let build = FunctionBuild(source: source)
        let path = try await blocking { Result { try build.run() } }.get()
        var contents = DeploymentPackage.Contents(bootstrap: path)
        contents.licences = try SwiftLicences(bootstrap: path, source: source, compiler: build.compiler()).files
        return try await PackagedFunction(contents, folder: source + "/.build-lambda/tests")
    }

    private init(_ contents: DeploymentPackage.Contents, folder: String) async throws {
        self.package = try DeploymentPackage(contents)
        self.folder = folder
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder + "/root/var/task", withIntermediateDirectories: true)
        try self.package.write(to: self.zip)
        // By a program that has nothing to do with the one that made it.
        let unpacked = try await ChildProcess.run(["unzip", "-q", self.zip, "-d", self.root + "/var/task"])
        guard unpacked.end == .exit(code: 0) else { throw ChildProcess.LaunchError("unzip failed: \(unpacked.output)") }
        try await self.addSystem()
    }

    /// The libraries of the system that Lambda has: glibc, libgcc_s, libstdc++. Nothing else is in the root folder.
    private func addSystem() async throws {
        let script = """
            cd "$1" && mkdir -p tmp dev
            for name in libc.so.6 libm.so.6 libresolv.so.2 libpthread.so.0 libdl.so.2 librt.so.1 libgcc_s.so.1 libstdc++.so.6; do
                path=$(ldconfig -p | awk -v name="$name" '$1 == name { print $NF; exit }')
                [ -n "$path" ] || continue
                mkdir -p ".$(dirname "$path")" && cp -L "$path" ".$path"
            done
            for path in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do
                [ -e "$path" ] || continue
                mkdir -p ".$(dirname "$path")" && cp -L "$path" ".$path"
            done
            """
        let copied = try await ChildProcess.run(
            ["sh", "-c", script, "sh", self.root], environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"])
        guard copied.end == .exit(code: 0) else { throw ChildProcess.LaunchError("the system's libraries: \(copied.output)") }
    }
}
