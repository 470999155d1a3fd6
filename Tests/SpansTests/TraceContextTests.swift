import Spans
import Testing
import Tracing

@Suite("Headers of traces")
struct TraceContextTests {
    private static let standard = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"
    private static let xray = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"

    @Test("X-Ray's header is the W3C's, with the same ids")
    func traceparent() {
        #expect(TraceHeader(Self.xray).traceparent == Self.standard)
        let other = TraceHeader("Self=1-1-1; Root=1-5759E988-BD862E3FE1BE46A994272793 ;Parent=53995C3F42CD8AD8;Lineage=a:1")
        #expect(other.traceparent == "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00")
    }

    @Test(
        "what has not its form has no other",
        arguments: [
            "", ";", "=", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", "Parent=53995c3f42cd8ad8",
            "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
            "Root=1-5759e98-bd862e3fe1be46a9942727931;Parent=53995c3f42cd8ad8",
            "Root=1-5759e988-bd862e3fe1be46a99427279g;Parent=53995c3f42cd8ad8",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad",
            "Root=1-5759e988-bd862e3fe1be46a994272793-1;Parent=53995c3f42cd8ad8",
            "Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000", "žluť",
        ])
    func malformed(text: String) {
        #expect(TraceHeader(text).traceparent == nil)
    }

    @Test("the W3C's header is read and written; so is X-Ray's of the same trace")
    func standard() throws {
        let context = try #require(TraceContext(traceparent: Self.standard))
        #expect(context.traceparent == Self.standard && TraceHeader.text(context) == Self.xray)
        #expect(context.traceID == "5759e988bd862e3fe1be46a994272793" && context.spanID == "53995c3f42cd8ad8" && context.isSampled)
        let small = try #require(TraceContext(traceparent: "00-00000000000000000000000000000001-0000000000000002-00"))
        #expect(small.traceparent == "00-00000000000000000000000000000001-0000000000000002-00" && !small.isSampled)
        let later = "cc-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-03-what-comes-then"
        #expect(TraceContext(traceparent: later) == context)
    }

    @Test(
        "a header of another form is none",
        arguments: [
            "", "00", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-1",
            "00-5759E988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01", "00-00000000000000000000000000000000-53995c3f42cd8ad8-01",
            "00-5759e988bd862e3fe1be46a994272793-0000000000000000-01", "ff-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
            "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01-", "01-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01x",
            "00_5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01", "00-5759e988bd862e3fe1be46a99427279\u{17e}-53995c3f42cd8ad8-01",
            "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-0\n",
        ])
    func refused(text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    private struct Reader: Extractor {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    @Test("the W3C's header comes first, X-Ray's where that one cannot be read; without either the context stays")
    func extraction() {
        func found(_ headers: [String: String], in context: ServiceContext = .topLevel) -> String? {
            var context = context
            context.extractTrace(from: headers, using: Reader())
            return context.trace?.traceparent
        }
        let other = "00-000000000000000000000000000000ab-00000000000000cd-00"
        #expect(found(["traceparent": other, "X-Amzn-Trace-Id": Self.xray]) == other)
        #expect(found(["traceparent": "nonsense", "X-Amzn-Trace-Id": Self.xray]) == Self.standard)
        #expect(found(["X-Amzn-Trace-Id": "Root=1"]) == nil)
        var known = ServiceContext.topLevel
        known.trace = TraceContext(traceparent: other)
        #expect(found([:], in: known) == other && found(["traceparent": Self.standard], in: known) == Self.standard)
    }
}
