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
        let (limit, loop) = (self.configuration.maximumEventBytes, self.stores.loop)
        router.post("\(Self.path)") { request, _ -> Response in
            let event = try await request.bytes(limit: limit)
            // Where the store lives: an event would go there and back for each of its reads.
            return .json(await withTaskExecutorPreference(loop) { await adapter.respond(to: event, timeLeft: Self.timeLimit) })
        }
        router.refuseOtherMethods(than: [.post], at: "\(Self.path)")
    }
}
