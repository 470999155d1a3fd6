import JSON
import SessionStore
import Testing

@testable import Dynamo

@Suite("Items as they are read")
struct StoredItemTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private func item(_ attributes: String) throws -> StoredItem {
        try JSONDocument(parsing: Array("{\"session_id\":{\"S\":\"s1\"}\(attributes.isEmpty ? "" : ",")\(attributes)}".utf8)).withRoot {
            StoredItem($0)
        }
    }

    @Test("an item of this program is read whole")
    func whole() throws {
        let item = try self.item(
            #""data":{"M":{"wallet_address":{"S":"0x1"}}},"user_id":{"S":"u1"},"expiration":{"N":"1800000100"},"version":{"N":"7"},"#
                + #""write_id":{"S":"w"},"created_at":{"N":"1799999999123"},"updated_at":{"N":"1799999999456"}"#)
        #expect(
            item
                == StoredItem(
                    record: SessionRecord(
                        data: ["wallet_address": "0x1"], owner: try UserID("u1"), version: SessionVersion(7), writeID: "w",
                        expiration: Timestamp(seconds: 1_800_000_100), createdAt: Timestamp(milliseconds: 1_799_999_999_123),
                        updatedAt: Timestamp(milliseconds: 1_799_999_999_456))))
        #expect(try item.liveRecord(at: self.now) != nil)
        #expect(try item.liveRecord(at: Timestamp(seconds: 1_800_000_100)) == nil)
    }

    @Test("an item of a program before this one is read, and names that are not ours are noted")
    func predecessor() throws {
        let item = try self.item(#""data":{"M":{}},"expiration":{"N":"1800000100.5"},"created_at":{"N":"1700000000"},"extra":{"X":1}"#)
        #expect(item.otherNames == ["extra"])
        #expect(item.flaws.isEmpty)
        #expect(item.record.version == nil)
        #expect(item.record.createdAt == Timestamp(seconds: 1_700_000_000))
        #expect(item.record.expiration == Timestamp(milliseconds: 1_800_000_100_500))
    }

    @Test("NULL and empty text are no owner", arguments: [#""user_id":{"NULL":true}"#, #""user_id":{"S":""}"#])
    func noOwner(attribute: String) throws {
        let item = try self.item(#""data":{"M":{}},"# + attribute)
        #expect(item.record.owner == nil)
        #expect(item.flaws.isEmpty)
    }

    @Test(
        "an attribute of a wrong type is named in the error, its value is not",
        arguments: [
            (#""data":{"S":"secret"}"#, "data"), (#""data":{"L":[]}"#, "data"), (#""data":{"NULL":true}"#, "data"),
            (#""data":{"M":{"a":{"Z":"secret"}}}"#, "data"), ("", "data"), (#""data":{"M":{}},"user_id":{"N":"1"}"#, "user_id"),
            (#""data":{"M":{}},"user_id":{"S":"has space"}"#, "user_id"),
            (#""data":{"M":{}},"expiration":{"S":"1800000100"}"#, "expiration"),
            (#""data":{"M":{}},"version":{"S":"1"}"#, "version"), (#""data":{"M":{}},"version":{"N":"1.5"}"#, "version"),
            (#""data":{"M":{}},"version":{"N":"99999999999999999999"}"#, "version"), (#""data":{"M":{}},"write_id":{"N":"1"}"#, "write_id"),
            (#""data":{"M":{}},"created_at":{"S":"2026"}"#, "created_at"), (#""data":{"M":{}},"updated_at":{"BOOL":true}"#, "updated_at"),
            (#""version":{"N":"3"},"user_id":{"S":"secret"}"#, "data"),
        ])
    func malformed(attributes: String, name: String) throws {
        let item = try self.item(attributes)
        #expect {
            try item.liveRecord(at: self.now)
        } throws: { error in
            guard let error = error as? SessionStoreError else { return false }
            return error.code == .malformedItem && error.message.contains(name) && !error.description.contains("secret")
        }
    }

    @Test("what has expired is no session, however it looks; what has no readable end has not expired")
    func expired() throws {
        #expect(try self.item(#""data":{"S":"x"},"expiration":{"N":"1799999999"}"#).liveRecord(at: self.now) == nil)
        #expect(try self.item(#""data":{"S":"x"},"expiration":{"N":"1800000000"}"#).liveRecord(at: self.now) == nil)
        #expect(try !self.item(#""data":{"M":{}},"expiration":{"S":"x"}"#).isExpired(at: self.now))
        #expect(try self.item(#""data":{"M":{}},"expiration":{"N":"1e300"}"#).liveRecord(at: self.now) != nil)
        #expect(try self.item(#""data":{"M":{}},"expiration":{"N":"-1e300"}"#).liveRecord(at: self.now) == nil)
    }

    @Test("a deletion's mark is known by its form, even if its writer's clock was ahead")
    func tombstone() throws {
        let item = try self.item(#""version":{"N":"3"},"expiration":{"N":"1800000900"},"updated_at":{"N":"1"}"#)
        #expect(item.isTombstone)
        #expect(try item.liveRecord(at: self.now) == nil)
    }
}
