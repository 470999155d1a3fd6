/// How many invocations Lambda hands to one process at a time.
enum LambdaConcurrency {
    /// Lambda allows 1,600 in one environment; what is above that is a mistake of somebody's.
    static let maximum = 1600

    /// What `AWS_LAMBDA_MAX_CONCURRENCY` says; 1 where it is unset or no number: every Lambda hands out one.
    ///
    /// Source: AWS Lambda Developer Guide, "Building custom runtimes for Lambda Managed Instances".
    static func limit(_ environment: (String) -> String?) -> Int {
        guard let text = environment("AWS_LAMBDA_MAX_CONCURRENCY"), let number = Int(text) else { return 1 }
        return min(max(number, 1), self.maximum)
    }
}
