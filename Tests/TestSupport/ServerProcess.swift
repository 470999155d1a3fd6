import Foundation
import Locked

/// A server that a test run started. It ends with the run, however that ends: its supervisor waits on a pipe that only this process holds open.
package final class ServerProcess: Sendable {
    private let input: FileHandle
    private let process: Process

    /// Why a server did not start.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Starts `executable` and returns when it has printed a line that contains `readyText`.
    package init(_ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], readyText: String) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The supervisor's standard input ends when this process does; then it ends the server by its id.
        process.arguments =
            ["-c", #""$@" </dev/null & server=$!; cat >/dev/null; kill $server; wait $server"#, "supervisor", executable] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        self.process = process
        self.input = input.fileHandleForWriting
        try output.fileHandleForWriting.close()
        let lines = output.fileHandleForReading
        let isReady = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            // Reads on after that: a full pipe would block the server.
            Thread.detachNewThread { Self.read(lines, until: readyText, continuation) }
        }
        guard isReady else {
            self.stop()
            throw Failure(description: "\(executable) ended before it printed \"\(readyText)\"")
        }
    }

    /// Ends the server and waits for it.
    package func stop() {
        try? self.input.close()
        self.process.waitUntilExit()
    }

    private static func read(_ lines: FileHandle, until readyText: String, _ continuation: CheckedContinuation<Bool, Never>) {
        var waiting: CheckedContinuation<Bool, Never>? = continuation
        var text = ""
        while true {
            let data = lines.availableData
            if data.isEmpty { break }
            guard waiting != nil else { continue }
            text += String(decoding: data, as: UTF8.self)
            if text.contains(readyText) {
                waiting?.resume(returning: true)
                waiting = nil
                text = ""
            }
        }
        waiting?.resume(returning: false)
    }

    /// A port of 127.0.0.1 that was free a moment ago.
    package static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) | getsockname(descriptor, address, &length)
            }
        }
        guard result == 0 else { throw Failure(description: "no free port on 127.0.0.1") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
