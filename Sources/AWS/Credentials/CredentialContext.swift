import EventLoop
import HTTP

/// What the sources share: variables, time, connections.
struct CredentialContext: Sendable {
    let environment: Environment
    let loop: UVLoop
    let clock: AWSClock
    /// For services of AWS.
    let services: HTTPClient
    /// For what is on this machine or next to it: never through a proxy, and there at once or not at all.
    let local: HTTPClient

    init(environment: Environment, loop: UVLoop, clock: AWSClock) {
        self.environment = environment
        self.loop = loop
        self.clock = clock
        var options = HTTPOptions()
        options.maxConnections = 4
        options.maxAnswerBytes = Self.answerLimit
        options.caBundle = environment["AWS_CA_BUNDLE"]
        var local = options
        local.connectTimeout = .seconds(1)
        options.proxies = HTTPProxies { environment[$0] }
        self.services = HTTPClient(loop: loop, options: options)
        self.local = HTTPClient(loop: loop, options: local)
    }

    /// Bytes of an answer with credentials; a token has a few thousand.
    private static let answerLimit = 256 * 1024

    func close() async {
        await self.services.close()
        await self.local.close()
    }

    /// Sends what is safe to repeat, at most `attempts` times: again after silence, no connection or a 5xx.
    func send(_ call: HTTPCall, over client: HTTPClient, attempts: Int, deadline: Duration) async throws(HTTPError) -> HTTPAnswer {
        for attempt in 1... {
            do throws(HTTPError) {
                let answer = try await client.send(call, deadline: deadline)
                if answer.status < 500 || attempt >= attempts { return answer }
            } catch {
                if attempt >= attempts || error.code == .cancelled || error.code == .closed { throw error }
            }
            // A cancelled wait, or one on a loop that ended, is noticed by the attempt that follows.
            try? await self.loop.sleep(for: .milliseconds(100 * attempt))
        }
        throw HTTPError(.system, "There was no attempt.")
    }
}
