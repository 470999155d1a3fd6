import AWS
import Adapter
import EventLoop
import Glibc
import LambdaRuntime
import Logging
import Settings
import Wiring

/// From configuration to the end of the runtime loop.
struct Function: Sendable {
    let loop: UVLoop
    let environment: Environment

    /// Returns the exit code. `started` is handed the runtime before it takes invocations.
    func run(started: @Sendable (LambdaRuntime) -> Void) async -> CInt {
        let logger = Logger(label: "bootstrap")
        do throws(SettingsError) {
            let settings = try Settings(defaultStore: .dynamodb) { self.environment[$0] }
            let services = try await SessionServices.open(
                settings, loop: self.loop, environment: self.environment, logger: logger, isFrozen: true)
            // At the same moment as the wait for the first event.
            let connecting = Task(executorPreference: self.loop) { await services.connect() }
            let code = await self.serve(BedrockAdapter(services, settings: settings, logger: logger), logger, started)
            connecting.cancel()
            await services.close()
            return code
        } catch {
            Self.complain(error.description)
            try? await LambdaRuntime.reportInitializationFailure(
                error.description, type: "SettingsError", loop: self.loop, environment: { self.environment[$0] })
            return 1
        }
    }

    private func serve(_ adapter: BedrockAdapter, _ logger: Logger, _ started: @Sendable (LambdaRuntime) -> Void) async -> CInt {
        do throws(LambdaRuntimeError) {
            let runtime = try LambdaRuntime(loop: self.loop, environment: { self.environment[$0] }, logger: logger) { event, context in
                await adapter.respond(to: event, timeLeft: context.timeLeft, logger: context.logger)
            }
            started(runtime)
            try await runtime.run()
            return 0
        } catch {
            Self.complain(error.description)
            return 1
        }
    }

    /// One line on standard error.
    static func complain(_ sentence: String) {
        var line = Array("bootstrap: \(sentence)\n".utf8)
        while !line.isEmpty {
            let count = write(STDERR_FILENO, line, line.count)
            guard count > 0 else { return }
            line.removeFirst(count)
        }
    }
}
