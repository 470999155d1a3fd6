/// Why a call has no answer.
///
/// `message` is a sentence for a person, without URL, header or body of the call.
package struct HTTPError: Error, Hashable, Sendable {
    /// The kind of error.
    package var code: Code
    /// One sentence, saying what to do where something can be done.
    package var message: String
    /// Whether a server may have acted on the request: any byte of it was handed to the network.
    package var requestMayHaveBeenSent: Bool

    /// The kinds of error.
    package struct Code: Hashable, Sendable {
        private enum Kind: String, Hashable {
            case timedOut, resolve, connect, refusedAddress, reset, tls, tooLarge, malformedAnswer, invalidCall, overloaded, cancelled,
                closed, system
        }

        private let kind: Kind

        /// No complete answer within the call's time, or no connection within the connect time.
        package static let timedOut = Code(kind: .timedOut)
        /// The host's name has no address.
        package static let resolve = Code(kind: .resolve)
        /// No connection: refused, unreachable.
        package static let connect = Code(kind: .connect)
        /// The host's name leads to addresses that are not connected to (`HTTPOptions.addresses`).
        package static let refusedAddress = Code(kind: .refusedAddress)
        /// The connection ended after bytes were sent and before the answer was complete.
        package static let reset = Code(kind: .reset)
        /// The TLS handshake failed, or the certificate does not verify.
        package static let tls = Code(kind: .tls)
        /// The answer is larger than the limit.
        package static let tooLarge = Code(kind: .tooLarge)
        /// What came back is not an HTTP answer.
        package static let malformedAnswer = Code(kind: .malformedAnswer)
        /// The URL, method or a header cannot be sent.
        package static let invalidCall = Code(kind: .invalidCall)
        /// All connections are busy and the queue is full.
        package static let overloaded = Code(kind: .overloaded)
        /// The calling task was cancelled.
        package static let cancelled = Code(kind: .cancelled)
        /// The client or its loop was shut down.
        package static let closed = Code(kind: .closed)
        /// Something in this process: out of memory, out of descriptors.
        package static let system = Code(kind: .system)

        /// A name for metrics, from a bounded set.
        package var label: String { self.kind.rawValue }
    }

    /// An error with these parts.
    package init(_ code: Code, _ message: String, requestMayHaveBeenSent: Bool = false) {
        self.code = code
        self.message = message
        self.requestMayHaveBeenSent = requestMayHaveBeenSent
    }
}

extension HTTPError: CustomStringConvertible {
    /// The code and the sentence.
    package var description: String { "\(self.code.label): \(self.message)" }
}
