import HTTPTypes
import Hummingbird
import NIOCore
import Observability

/// `/metrics`: what Prometheus reads.
struct MetricsRoute {
    let registry: MetricsRegistry

    func add(to router: Router<BasicRequestContext>) {
        let registry = self.registry
        router.get("/metrics") { _, _ in
            let headers: HTTPFields = [.contentType: PrometheusText.contentType, .cacheControl: "no-store"]
            return Response(
                status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: PrometheusText.text(of: registry.readings()))))
        }
        router.refuseOtherMethods(than: [.get, .head], at: "/metrics")
    }
}
