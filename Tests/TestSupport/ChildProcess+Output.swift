import Glibc

extension ChildProcess {
    /// What a process printed, and whether that was what was waited for.
    package typealias Output = (found: Bool, text: String)

    /// Runs a program to its end. What it printed, on either stream, and how it ended.
    package static func run(
        _ arguments: [String], environment: [String: String]? = nil, directory: String? = nil
    ) async throws -> (output: String, end: End) {
        let process = try ChildProcess(arguments, environment: environment, directory: directory)
        let output = await process.restOfOutput()
        return (output, await process.ended())
    }

    /// Blocks until its output contains `text`, or ends, or nothing comes for 100 seconds.
    package func waitForOutput(containing text: String) -> Output {
        self.read { $0.contains(text) }
    }

    /// The same for a task; a cancelled one kills the process.
    package func output(containing text: String) async -> Output {
        await self.output { $0.contains(text) }
    }

    /// Its first lines, or fewer if it ends before.
    package func lines(_ count: Int) async -> String {
        await self.output { text in text.utf8.count { $0 == UInt8(ascii: "\n") } >= count }.text
    }

    /// What it prints until its end.
    package func restOfOutput() async -> String {
        await self.output { _ in false }.text
    }

    /// Reads and forgets what else it prints, so that it never waits for a reader.
    package func discardOutput() {
        // With a descriptor of its own: the thread does not keep this object.
        let descriptor = fcntl(self.output, F_DUPFD_CLOEXEC, 0)
        onThread {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            close(descriptor)
        }
    }

    private func output(until isEnough: @escaping @Sendable (String) -> Bool) async -> Output {
        await withTaskCancellationHandler {
            await blocking { self.read(until: isEnough) }
        } onCancel: {
            self.signal(SIGKILL)
        }
    }

    private func read(until isEnough: (String) -> Bool) -> Output {
        var collected: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            var descriptor = pollfd(fd: self.output, events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, 100_000)
            if ready < 0 && errno == EINTR { continue }
            let count = ready > 0 ? Glibc.read(self.output, &buffer, buffer.count) : 0
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return (false, String(decoding: collected, as: UTF8.self)) }
            collected += buffer[..<count]
            let text = String(decoding: collected, as: UTF8.self)
            if isEnough(text) { return (true, text) }
        }
    }
}

/// Runs what blocks on a thread of its own, and waits for it without blocking.
package func blocking<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        onThread { continuation.resume(returning: body()) }
    }
}
