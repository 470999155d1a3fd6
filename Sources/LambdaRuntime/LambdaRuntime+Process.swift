public import EventLoop
import Locked
import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A function that is ready for events.
public struct LambdaFunction: Sendable {
    /// Makes an answer of an event.
    public var handler: LambdaRuntime.Handler
    /// Called when no further event comes, to close what the function has opened.
    public var end: @Sendable () async -> Void

    /// A function with these parts.
    public init(end: @escaping @Sendable () async -> Void = {}, handler: @escaping LambdaRuntime.Handler) {
        self.handler = handler
        self.end = end
    }
}

extension LambdaRuntime {
    /// Is this process: answers events with `handler` until Lambda ends it.
    ///
    /// ```swift
    /// LambdaRuntime.runProcess { event, context in
    ///     Array(event.reversed())
    /// }
    /// ```
    public static func runProcess(handler: @escaping Handler) -> Never {
        self.runProcess(preparing: { _ in LambdaFunction(handler: handler) })
    }

    /// Is this process: logs as the function is configured, `prepare`s, and answers events until SIGTERM or SIGINT; an invocation in progress is finished.
    ///
    /// Call it on the main thread before any other thread starts. What `prepare` throws is reported as the reason why the function cannot start, with its
    /// `description`; the exit code is 1 then, and when the runtime API stays away.
    public static func runProcess(preparing prepare: @escaping @Sendable (UVLoop) async throws -> LambdaFunction) -> Never {
        // Before any thread starts: all of them inherit this, and only the main thread takes these signals.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        LoggingSystem.bootstrap { label in LambdaLogHandler(label: label, environment: Self.variable) }
        let running = Locked<LambdaRuntime?>(nil)
        do throws(EventLoopError) {
            let loop = try UVLoop()
            Task(executorPreference: loop) { exit(await Self.runProcess(on: loop, running, prepare)) }
        } catch {
            Self.complain(error.description)
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

    /// Returns the exit code.
    private static func runProcess(
        on loop: UVLoop, _ running: Locked<LambdaRuntime?>, _ prepare: @Sendable (UVLoop) async throws -> LambdaFunction
    ) async -> CInt {
        let function: LambdaFunction
        do {
            function = try await prepare(loop)
        } catch {
            let message = String(describing: error)
            Self.complain(message)
            try? await Self.reportInitializationFailure(
                message, type: String(describing: type(of: error)), loop: loop, environment: Self.variable)
            return 1
        }
        do throws(LambdaRuntimeError) {
            let runtime = try LambdaRuntime(loop: loop, environment: Self.variable, handler: function.handler)
            running.withLock { $0 = runtime }
            try await runtime.run()
            await function.end()
            return 0
        } catch {
            Self.complain(error.description)
            await function.end()
            return 1
        }
    }

    /// A variable of this process; a blank one counts as unset.
    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.allSatisfy { $0 == " " || $0 == "\t" } ? nil : text
    }

    /// The reason for an end, as the last line of the log.
    private static func complain(_ sentence: String) {
        Logger(label: "lambda").critical("\(sentence)")
    }
}
