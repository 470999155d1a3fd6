import AWS
import Adapter
import EventLoop
import Instrumentation
import LambdaRuntime
import Logging
import Observability
import Settings
import Wiring

/// From configuration to a function that is ready for events.
struct Function: Sendable {
    let loop: UVLoop
    let environment: Environment

    /// Throws every problem of the configuration; what does not answer yet is none.
    func open() async throws(SettingsError) -> LambdaFunction {
        let logger = Logger(label: "bootstrap")
        let settings = try Settings(defaultStore: .dynamodb) { self.environment[$0] }
        // Before any store: a metric belongs to the system that was there when it was made.
        let metrics = settings.writesMetrics ? MetricsLog(functionName: self.environment["AWS_LAMBDA_FUNCTION_NAME"]) : nil
        // And a span belongs to the tracer that was there.
        if settings.writesTraces { InstrumentationSystem.bootstrap(LogTracer(Logger(label: "trace"))) }
        let services = try await SessionServices.open(
            settings, loop: self.loop, environment: self.environment, logger: logger, isFrozen: true)
        // At the same moment as the wait for the first event.
        let connecting = Task(executorPreference: self.loop) { await services.connect() }
        let adapter = BedrockAdapter(services, settings: settings, logger: logger)
        return LambdaFunction(
            end: {
                connecting.cancel()
                await services.close()
                metrics?.write(isEnd: true)
            },
            handler: { event, context in
                let answer = await adapter.respond(to: event, timeLeft: context.timeLeft, logger: context.logger)
                // Now: the process may be frozen as soon as the answer is out.
                metrics?.write()
                return answer
            })
    }
}
