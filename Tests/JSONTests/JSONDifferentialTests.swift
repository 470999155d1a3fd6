import JSON
import TestSupport
import Testing

/// The parser beside jansson, over documents that are nearly JSON.
///
/// Deliberate differences: a number beyond `Double` (`1e999`) is accepted and keeps its digits; a zero byte behind a number or
/// a word is refused, which jansson 2.14 overlooks; the depth limit is the caller's, at most 2048; where a document has two faults, the one that is named may be the other one.
@Suite("The parser beside jansson")
struct JSONDifferentialTests {
    private static let documents = [
        #"{"Item":{"session_id":{"S":"3f1c2a50"},"data":{"M":{"wallet_address":{"S":"0x5aAeb6053F3E94C9"},"n":{"N":"-1.5e3"}}},"expiration":{"N":"4102444800"}}}"#,
        #"{"messageVersion":"1.0","agent":{"name":"ä😀","id":"A"},"parameters":[{"name":"x","type":"number","value":"1"}],"sessionAttributes":{}}"#,
        #"[1,-0,0.5,-1.25e-3,1E5,123456789012345678901234567890,9223372036854775807,-9223372036854775808,true,false,null,"",[],{}]"#,
        #"{"a":"\u0000\u00e4\ud83d\ude00\"\\\/\b\f\n\r\t","\u0061b":1,"ab ":2,"":{"":[[[]]]}}"#,
        #" { "x" : [ 1 , 2 , { "y" : null } ] , "z" : "\u20ac €" } "#,
        "{\(((0..<40).map { "\"name\($0)\":\($0)" }).joined(separator: ","))}",
    ]

    @Test(
        "nearly correct documents are accepted and refused alike, with the same values",
        arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) {
        var mutator = DocumentMutator(Self.documents, seed: seed)
        let inputs = DocumentMutator.inputs(usually: 100_000) / 4
        var (accepted, refused) = (0, 0)
        for round in 0..<inputs {
            let bytes = mutator.next()
            switch JanssonOracle.compare(bytes) {
            case .agreement(true): accepted += 1
            case .agreement(false): refused += 1
            case .numberBeyondDouble: #expect(Self.mayHoldHugeNumber(bytes), "seed \(seed), round \(round)")
            case .zeroBehindWord: refused += 1
            case .acceptance(let ours): Issue.record("only \(ours ? "we" : "jansson") accept seed \(seed), round \(round): \(bytes)")
            case .values: Issue.record("other values for seed \(seed), round \(round): \(bytes)")
            }
        }
        // The campaign saw both sides.
        #expect(accepted > inputs / 25 && refused > inputs / 3, "\(accepted) accepted, \(refused) refused")
    }

    /// A number beyond `Double` has an exponent of three digits, or more than 300 digits.
    private static func mayHoldHugeNumber(_ bytes: [UInt8]) -> Bool {
        bytes.contains(UInt8(ascii: "e")) || bytes.contains(UInt8(ascii: "E")) || bytes.count > 300
    }

    @Test("each byte in each place of a document is judged alike")
    func everyByte() {
        let document = Array(#"{"a":["é\n",-1.0e+2,true,null]}"#.utf8)
        for place in document.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = document
                bytes[place] = byte
                if [.agreement(accepted: true), .agreement(accepted: false), .zeroBehindWord].contains(JanssonOracle.compare(bytes)) {
                    continue
                }
                Issue.record("byte \(byte) at \(place)")
            }
        }
    }

    @Test("each pair of bytes that begins a character of a string is judged alike")
    func characters() {
        for first in UInt8(0x80)...UInt8.max {
            for second in UInt8.min...UInt8.max {
                for tail in [[], [0x80], [0x80, 0x80], [0xbf, 0xbf], [0xc0]] as [[UInt8]] {
                    let bytes = [0x22, first, second] + tail + [0x22]
                    if case .agreement = JanssonOracle.compare(bytes) { continue }
                    Issue.record("\(bytes)")
                }
            }
        }
    }

    @Test("each UTF-16 unit, alone and before another, is judged alike")
    func units() {
        for unit in stride(from: 0, to: 0x10000, by: 7).map({ $0 }) + [0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff] {
            let digits = String(unit, radix: 16)
            let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            for text in ["\"\(escape)\"", "\"\(escape)\\udc12\"", "\"\(escape)\\u0041\"", "{\"\(escape)\":1}"] {
                if case .agreement = JanssonOracle.compare(Array(text.utf8)) { continue }
                Issue.record("\(text)")
            }
        }
    }
}
