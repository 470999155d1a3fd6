import AWS
import Adapter
import EventLoop
import Glibc
import LambdaRuntime
import Locked
import Logging
import Settings
import Wiring

/// The Lambda function behind an agent's action group: configuration and wiring, nothing else.
@main
enum Bootstrap {
    /// Not async: the main thread waits for signals while everything happens on the loop.
    static func main() {
        // Before any thread starts: all of them inherit this, and only the main thread takes these signals.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        let level = Environment.process["LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? .info
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        let running = Locked<LambdaRuntime?>(nil)
        do throws(EventLoopError) {
            let loop = try UVLoop()
            Task(executorPreference: loop) {
                let function = Function(loop: loop, environment: .process)
                exit(await function.run { runtime in running.withLock { $0 = runtime } })
            }
        } catch {
            Function.complain(error.description)
            exit(1)
        }
        while true {
            var signal: CInt = 0
            sigwait(&signals, &signal)
            // Without a runtime there is no invocation to finish.
            guard let runtime = running.withLock({ $0 }) else { exit(0) }
            runtime.shutdown()
        }
    }
}
