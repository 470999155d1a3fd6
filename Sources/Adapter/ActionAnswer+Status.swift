extension ActionAnswer {
    /// What became of an action: a word for the model, the HTTP status of the OpenAPI style and the response state of the function style.
    public struct Status: Hashable, Sendable {
        /// Who can do something about an answer that is none of success.
        public enum Resolution: Hashable, Sendable {
            /// Nothing to resolve.
            case done
            /// The model or the user: the answer goes to the model (`REPROMPT`).
            case retry
            /// Neither: the agent ends the turn (`FAILURE`).
            case giveUp
        }

        /// The word in the answer's body.
        public let word: String
        /// `httpStatusCode`
        public let httpStatus: Int
        /// Who can resolve it; decides `responseState`.
        public let resolution: Resolution

        init(_ word: String, _ httpStatus: Int, _ resolution: Resolution) {
            self.word = word
            self.httpStatus = httpStatus
            self.resolution = resolution
        }

        /// Something was stored.
        public static let stored = Status("stored", 200, .done)
        /// Something was found.
        public static let known = Status("known", 200, .done)
        /// Something was removed, or was not there.
        public static let forgotten = Status("forgotten", 200, .done)
        /// An action of the action group's own was done.
        public static let done = Status("done", 200, .done)
        /// The same, with the status of the API behind it, 200 to 299.
        public static func succeeded(_ httpStatus: Int) -> Status { Status("done", httpStatus, .done) }
        /// There is nothing under the values that were given.
        public static let notFound = Status("not_found", 404, .retry)
        /// What was given contradicts what is there.
        public static let contradicted = Status("contradicted", 409, .retry)
        /// The answer is larger than an agent can take in.
        public static let tooLarge = Status("too_large", 413, .retry)
        /// Something is missing that only the user can give.
        public static let needed = Status("needed", 404, .retry)
        /// A parameter is wrong.
        public static let invalid = Status("invalid", 400, .retry)
        /// Two things are known that contradict each other.
        public static let conflict = Status("conflict", 409, .retry)
        /// The user has to confirm it first; nothing was changed.
        public static let unconfirmed = Status("confirmation_needed", 409, .retry)
        /// What is known may be out of date, and was not acted on.
        public static let stale = Status("stale", 503, .giveUp)
        /// What is stored cannot be used; storing it again replaces it.
        public static let unreadable = Status("unreadable", 409, .retry)
        /// The event is not one of an action group.
        public static let malformedEvent = Status("malformed_event", 400, .retry)
        /// The action group has an action that this adapter does not.
        public static let unknownAction = Status("unknown_action", 404, .retry)
        /// It may or may not have been done.
        public static let outcomeUnknown = Status("outcome_unknown", 503, .retry)
        /// The session is somebody else's.
        public static let notAllowed = Status("not_allowed", 403, .giveUp)
        /// A service does not answer at the moment.
        public static let unavailable = Status("unavailable", 503, .giveUp)
        /// Something has to be repaired by whoever operates this.
        public static let failed = Status("failed", 500, .giveUp)
    }
}
