import HTTP

extension RetryMachine.Failure {
    /// What an attempt without an answer means for the next one.
    init(_ error: HTTPError) {
        switch error.code {
        case .invalidCall, .overloaded, .cancelled, .closed, .system, .tooLarge: self = .local
        default: self = error.requestMayHaveBeenSent ? .lost : .notSent
        }
    }

    /// The same for an error answer.
    init(_ error: AWSError) {
        self = .answered(status: error.status, ErrorClass(code: error.code, status: error.status))
    }
}
