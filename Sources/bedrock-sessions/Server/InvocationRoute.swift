import Adapter
import Hummingbird

/// The address of Lambda's local emulator: an event in, the adapter's answer out.
struct InvocationRoute {
    static let path = "/2015-03-31/functions/function/invocations"
    /// How long an event may take; Bedrock itself waits no longer for a Lambda function.
    private static let timeLimit = Duration.seconds(30)

    let stores: Stores
    let configuration: AdapterConfiguration

    func add(to router: Router<BasicRequestContext>) {
        let adapter = self.stores.adapter(self.configuration)
        let limit = self.configuration.maximumEventBytes
        router.post("\(Self.path)") { request, _ -> Response in
            let event = try await request.bytes(limit: limit)
            return .json(await adapter.respond(to: event, timeLeft: Self.timeLimit))
        }
        router.refuseOtherMethods(than: [.post], at: "\(Self.path)")
    }
}
