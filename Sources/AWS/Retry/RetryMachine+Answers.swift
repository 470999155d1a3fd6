import HTTP

extension RetryMachine.Failure {
    /// What an attempt without an answer means for the next one.
    init(_ error: HTTPError) {
        switch error.code {
        case .invalidCall, .overloaded, .cancelled, .closed, .system, .tooLarge: self = .local
        default: self = error.requestMayHaveBeenSent ? .lost : .notSent
        }
    }

    /// The same for an error answer. `skew` is the time from the signature's date to the answer's, nil where the answer has none.
    init(_ error: AWSError, retryAfter: Duration?, skew: Int64?) {
        if let skew, abs(skew) > ClockSkew.tolerated, ErrorClass.skewCodes.contains(error.code) {
            self = .skewed
        } else {
            self = .answered(status: error.status, ErrorClass(code: error.code, status: error.status), retryAfter: retryAfter)
        }
    }
}

extension HTTPAnswer {
    /// The wait that the service asks for: `x-amz-retry-after`, milliseconds. Nil where there is none that can be read.
    var retryAfter: Duration? {
        guard let text = self.headers["x-amz-retry-after"], let milliseconds = Int64(text), milliseconds >= 0 else { return nil }
        return .milliseconds(milliseconds)
    }

    /// The `Date`, in seconds since 1970.
    var date: Int64? {
        self.headers.bytes(of: "date").flatMap(HTTPDate.seconds)
    }
}
