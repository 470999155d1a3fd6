import Hummingbird
import JSON

/// `/openapi.json`: this server's API, for machines. `APIDocument` is its text.
struct DocumentRoute {
    /// Whether requests have to show a token.
    let needsToken: Bool

    func add(to router: Router<BasicRequestContext>) {
        let document = APIDocument.document(needsToken: self.needsToken).encoded
        router.get("/openapi.json") { _, _ in Response.json(document) }
        router.refuseOtherMethods(than: [.get, .head], at: "/openapi.json")
    }
}
