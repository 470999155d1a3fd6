import CoreMetrics
import JSON
import Testing

@testable import Observability

@Suite("metrics as CloudWatch Logs finds them")
struct EmbeddedMetricsTests {
    private let registry = MetricsRegistry()
    private let embedded: EmbeddedMetrics

    init() {
        self.embedded = EmbeddedMetrics(self.registry, namespace: "BedrockSessions", dimensions: [.init("FunctionName", "f")])
    }

    private func documents() throws -> [JSONValue] {
        try self.embedded.documents(at: 1_700_000_000_123).map { bytes in
            #expect(!bytes.contains(UInt8(ascii: "\n")))
            return try JSONValue(parsing: bytes)
        }
    }

    @Test("a document names its namespace, dimensions, metrics and units, and holds their values")
    func document() throws {
        Counter(label: "cache.reads", dimensions: [("outcome", "hit")], factory: self.registry).increment(by: 3)
        let document = try #require(try self.documents().first)
        #expect(
            document == [
                "_aws": [
                    "Timestamp": 1_700_000_000_123,
                    "CloudWatchMetrics": [
                        [
                            "Namespace": "BedrockSessions", "Dimensions": [["FunctionName", "outcome"]],
                            "Metrics": [["Name": "cache.reads", "Unit": "Count"]],
                        ]
                    ],
                ], "FunctionName": "f", "outcome": "hit", "cache.reads": 3,
            ])
    }

    @Test("only what has changed is told, counters by how much")
    func changes() throws {
        let counter = Counter(label: "loads", factory: self.registry)
        let gauge = Gauge(label: "breaker", factory: self.registry)
        counter.increment(by: 2)
        gauge.record(1)
        #expect(try self.documents().map { $0["loads"] } == [2])
        #expect(try self.documents().isEmpty)
        counter.increment()
        #expect(try self.documents().map { $0["loads"] } == [1])
        gauge.record(1)
        #expect(try self.documents().isEmpty)
        gauge.record(0)
        #expect(try self.documents().map { $0["breaker"] } == [0])
    }

    @Test("durations are values in milliseconds, a hundred at most")
    func durations() throws {
        let timer = Timer(label: "invocation", factory: self.registry)
        timer.recordNanoseconds(1_500_000)
        #expect(try self.documents().first?["invocation"] == .number("1.5"))
        for value in 1...150 { timer.recordNanoseconds(Int64(value) * 1_000_000) }
        let document = try #require(try self.documents().first)
        #expect(document["invocation"]?.elements?.count == 100 && document["invocation"]?.elements?.first == 1)
        #expect(document["_aws"]?["CloudWatchMetrics"]?.elements?.first?["Metrics"] == [["Name": "invocation", "Unit": "Milliseconds"]])
        #expect(try self.documents().isEmpty)
    }

    @Test("metrics of one set of dimensions share a document, up to a hundred of them")
    func sharing() throws {
        for number in 0..<120 { Counter(label: "m\(number)", factory: self.registry).increment() }
        Counter(label: "m0", dimensions: [("a", "b")], factory: self.registry).increment()
        let counts = try self.documents().map { $0["_aws"]?["CloudWatchMetrics"]?.elements?.first?["Metrics"]?.elements?.count ?? 0 }
        #expect(counts.sorted() == [1, 20, 100])
    }

    @Test("metrics told from several threads at once lose nothing")
    func threads() async throws {
        let counter = Counter(label: "n", factory: self.registry)
        let total = await withTaskGroup(of: Int64.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var seen: Int64 = 0
                    for _ in 0..<500 {
                        counter.increment()
                        for document in self.embedded.documents(at: 0) {
                            seen += (try? JSONValue(parsing: document))?["n"]?.integer ?? 0
                        }
                    }
                    return seen
                }
            }
            return await group.reduce(0, +)
        }
        #expect(total == 2000)
    }
}
