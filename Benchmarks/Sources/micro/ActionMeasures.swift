import Logging
import SessionStore

@testable import Adapter

/// What the adapter does with an agent's event.
struct ActionMeasures {
    private let event: [UInt8]
    private let router: ActionRouter
    private let adapter: BedrockAdapter

    /// `event`: asks for the wallet of a session.
    init(event: [UInt8]) async throws {
        self.event = event
        // A service of twenty operations.
        let paths = (0..<20).map { number in
            """
            "/things-\(number)/{thing_id}/parts": {"get": {"operationId": "parts\(number)", "description": "Parts of a thing.",
            "parameters": [{"name": "thing_id", "in": "path", "required": true, "description": "Which one.", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "Its parts."}}}}
            """
        }
        let document = #"{"openapi": "3.0.0", "info": {"title": "Things", "version": "1"}, "paths": {\#(paths.joined(separator: ","))}}"#
        self.router = ActionRouter(schema: try ActionSchema(json: Array(document.utf8)))
        let store = MemoryStore(clock: SystemClock())
        let request = try ActionRequest(decoding: event)
        try await store.replace(
            .session(request.sessionID), with: ["wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"])
        var logger = Logger(label: "micro")
        logger.logLevel = .critical
        self.adapter = BedrockAdapter(store: store, router: self.router, logger: logger)
    }

    var all: [Measure] {
        [Measure("event", self.decode), Measure("route", self.route), Measure("action", async: self.answer)]
    }

    private func decode(_ turn: Int) throws -> Int {
        try ActionRequest(decoding: self.event).inputText?.utf8.count ?? 0
    }

    /// The last operation of the schema, with its path filled in.
    private func route(_ turn: Int) throws -> Int {
        guard let match = self.router.match(.api(method: "GET", path: "/things-19/\(turn)/parts")) else { throw Failure("no operation") }
        return match.pathValues.count
    }

    /// From event to answer, with a store in memory.
    private func answer(_ turn: Int) async throws -> Int {
        await self.adapter.respond(to: self.event).count
    }
}
