import LambdaRuntime
import Logging

// Answers with what it was sent, backwards.
LambdaRuntime.runProcess { event, context in
    context.logger.info("turning", metadata: ["bytes": "\(event.count)"])
    return Array(event.reversed())
}
