// The least that a server like `serve` can do: it answers the body of a POST to /echo with the same bytes. `Benchmarks/served` measures `serve` beside it.
//
//     echo-server     prints its port
import Glibc
import Hummingbird
import HummingbirdCore
import NIOCore

let router = Router()
router.post("/echo") { request, _ -> Response in
    let body = try await request.body.collect(upTo: 1 << 20)
    return Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
}
let application = Application(
    router: router, server: .http1(configuration: .init(idleTimeout: .seconds(60))),
    configuration: .init(address: .hostname("127.0.0.1", port: 0), serverName: "echo-server"),
    onServerRunning: { channel in
        // At once, also into a file.
        let line = Array("\(channel.localAddress?.port ?? 0)\n".utf8)
        _ = write(STDOUT_FILENO, line, line.count)
    })
try await application.runService()
