@testable import AWS

/// One case of a SigV4 suite: a request, what it is signed with, and what comes out.
struct SuiteCase {
    var name: String
    var request: SuiteRequest
    var credentials: AWSCredentials
    var token = TokenPlacement.signed
    var date: SigningDate
    var region: String
    var service: String
    var rules = SigningRules()
    var body = Body.signed
    var expires = 3600
    var header: Expected?
    var query: Expected?

    /// How the body enters the signature.
    enum Body {
        case signed
        /// As if there were none.
        case empty
        /// Signed, and its digest is a field of the header form.
        case signedWithField
    }

    /// The steps of one form, as far as the suite has them.
    struct Expected {
        var canonicalRequest: String?
        var stringToSign: String?
        var signature: String?
        var authorization: String?
        var signedRequest: SuiteRequest?

        var isEmpty: Bool {
            self.canonicalRequest == nil && self.stringToSign == nil && self.signature == nil && self.authorization == nil
        }
    }
}

/// A case that is not compared, and why.
struct ExcludedCase {
    var name: String
    var reason: String
}
