import EventLoop
import LambdaRuntime
import Logging
import TestSupport

/// A runtime and the runtime API that it runs beside.
enum RunningRuntime {
    /// A logger that says nothing.
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Runs `body` beside a runtime with that handler, then shuts the runtime down and checks that it ends well.
func withRuntime(
    variables: [String: String] = [:], _ handler: @escaping LambdaRuntime.Handler,
    _ body: (RuntimeAPIServer, LambdaRuntime) async throws -> Void
) async throws {
    let server = try RuntimeAPIServer()
    let loop = try UVLoop()
    let runtime = try LambdaRuntime(
        loop: loop, environment: { $0 == "AWS_LAMBDA_RUNTIME_API" ? server.address : variables[$0] }, logger: RunningRuntime.quiet,
        handler: handler)
    let running = Task(executorPreference: loop) { try await runtime.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body(server, runtime)) } catch { result = .failure(error) }
    runtime.shutdown()
    try await running.value
    await loop.shutdown()
    try result.get()
}
