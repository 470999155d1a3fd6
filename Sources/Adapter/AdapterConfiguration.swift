public import SessionStore

/// How the adapter reads events and answers them.
public struct AdapterConfiguration: Hashable, Sendable {
    /// The session attribute that names the user. The calling application sets it; no parameter can.
    public var userAttribute = "userId"
    /// The names a wallet parameter may have; the first is also its name in answers.
    public var walletParameters = ["wallet_address", "walletAddress", "wallet"]
    /// What is remembered. Without the wallet among it the wallet's own actions do not exist.
    public var remembered: [RememberedField] = [.wallet]
    /// What becomes of a wallet that the agent gives and the user may not have meant.
    public var walletChange = WalletChangePolicy.confirm
    /// How long a change waits for the user's confirmation.
    public var confirmationLifetime = Duration.seconds(600)
    /// The built-in actions whose calls the action group has the user confirm (`requireConfirmation: ENABLED` of a function, `x-requireConfirmation:
    /// ENABLED` of an operation), by name (`rememberWallet`) or by method and path (`POST /wallet`). Amazon Bedrock then invokes the action only after
    /// the user has agreed to its parameters; the event does not say so, hence this. Source: Amazon Bedrock User Guide, "Get user confirmation before
    /// invoking action group function".
    public var confirmedActions: Set<String> = []
    /// Whether plain objects with a `session_id`, as people send them to try a function out, are answered. They name the user themselves: turn them
    /// off where others than operators can invoke the function.
    public var acceptsDirectEvents = true
    /// The largest event in bytes. The default is the largest that Lambda passes on (AWS Lambda quotas: 6 MB).
    public var maximumEventBytes = 6 << 20
    /// The largest answer in bytes. The default is the largest that Bedrock accepts of a Lambda function (25 KB).
    public var maximumAnswerBytes = 25_000
    /// What becomes of an action's own answer that is larger than that.
    public var largeAnswers = LargeAnswers.cut
    /// How long the upstream API may take, where more time is left: from 1 ms to 50 s, so that the mark of a call outlives the call.
    public var upstreamTimeout = Duration.seconds(10)
    /// How long before the deadline an answer leaves, finished or not.
    public var answerMargin = Duration.milliseconds(250)

    /// What becomes of an answer that is too large.
    public enum LargeAnswers: String, Hashable, Sendable {
        /// Its beginning is the answer, with a note; JSON stays JSON.
        case cut
        /// The model is told to ask for less.
        case refuse
    }

    /// The defaults.
    public init() {}

    /// Every problem at once, one sentence each; empty when it can work.
    public func validate() -> [String] {
        var problems: [String] = []
        if self.userAttribute.isEmpty { problems.append("userAttribute is empty: name the session attribute that holds the user's id") }
        if self.walletParameters.isEmpty || self.walletParameters.contains("") {
            problems.append("walletParameters needs at least one name, none of them empty")
        }
        if Set(self.remembered.map(\.name)).count != self.remembered.count {
            problems.append("remembered has a name twice: once is enough")
        }
        if self.remembered.count > 32 { problems.append("remembered has more than 32 fields: an agent asks for fewer") }
        if !(.seconds(10)...(.seconds(3600))).contains(self.confirmationLifetime) {
            problems.append("confirmationLifetime is not within 10 seconds and an hour: time for a user to answer, not for an attacker")
        }
        if self.maximumEventBytes < 1024 { problems.append("maximumEventBytes is below 1024: no event fits") }
        if self.maximumAnswerBytes < 16384 {
            problems.append("maximumAnswerBytes is below 16384: an answer that repeats the longest names may not fit")
        }
        if !(Duration.milliseconds(1)...(.seconds(50))).contains(self.upstreamTimeout) {
            problems.append("upstreamTimeout lies between 1 ms and 50 s")
        }
        if self.answerMargin < .zero { problems.append("answerMargin is negative") }
        return problems
    }
}
