import AWS
import LambdaRuntime

/// The Lambda function behind an agent's action group: configuration and wiring, nothing else.
@main
enum Bootstrap {
    /// Not async: the main thread waits for signals while everything happens on the loop.
    static func main() {
        LambdaRuntime.runProcess { loop in try await Function(loop: loop, environment: .process).open() }
    }
}
