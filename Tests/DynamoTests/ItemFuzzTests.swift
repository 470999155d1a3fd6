import JSON
import SessionStore
import TestSupport
import Testing

@testable import Dynamo

/// Whatever stands in the table, reading it ends in an item or in what is wrong with it.
@Suite("Items that are none")
struct ItemFuzzTests {
    private static let items = [
        #"{"session_id":{"S":"s-1"},"data":{"M":{"w":{"S":"0x1"},"l":{"L":[{"BOOL":true},{"NULL":true}]},"n":{"NS":["1","-2.5e3"]},"b":{"B":"AAEC"}}},"#
            + #""expiration":{"N":"4102444800"},"version":{"N":"1763800000001"},"write_id":{"S":"0b9f"},"created_at":{"N":"1763800000000"}}"#,
        #"{"session_id":{"S":"s-2"},"user_id":{"NULL":true},"data":{"M":{}},"expiration":{"N":"1800000100.5"},"extra":{"SS":["a","b"]}}"#,
        #"{"session_id":{"S":"s-3"},"\u0076ersion":{"\u004e":"+7"},"expiration":{"N":"-0"},"updated_at":{"N":"007"},"data":{"M":{"x":{"BS":["QQ=="]}}}}"#,
    ]

    @Test("each of many broken items is read, in the short way as in the general one", arguments: [1, 2] as [UInt64])
    func items(seed: UInt64) {
        var mutator = DocumentMutator(Self.items, seed: seed)
        var read = 0
        for round in 0..<DocumentMutator.inputs(usually: 20_000) / 2 {
            guard let document = try? JSONDocument(parsing: mutator.next()) else { continue }
            read += 1
            document.withRoot { root in
                let item = StoredItem(root)
                for (name, value) in root.members {
                    guard let attribute = ItemAttribute(rawValue: name), [.version, .expiration].contains(attribute) else { continue }
                    // What the general way makes of the number.
                    let number = (try? SessionValue(attribute: value)).flatMap { if case .number(let text) = $0 { text } else { nil } }
                    let expected = number.flatMap { Int64($0) }
                    guard let expected, expected.magnitude < 1_000_000_000_000_000 else { continue }
                    let found = attribute == .version ? item.record.version?.rawValue : item.record.expiration?.seconds
                    #expect(found == expected, "seed \(seed), round \(round)")
                }
            }
        }
        #expect(read > 100)
    }
}
