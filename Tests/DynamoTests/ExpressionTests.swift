import JSON
import SessionStore
import Testing

@testable import Dynamo

@Suite("Expressions")
struct ExpressionTests {
    @Test("every name is an alias, every value a placeholder, each name once")
    func aliases() throws {
        var expression = Expression()
        try expression.set(expression.path(.data, "a.b"), to: "x")
        try expression.set(expression.path(.data, "data"), to: 5)
        try expression.remove(expression.path(.data, "c"))
        try expression.remove(expression.path(["size"]))
        expression.require("attribute_exists(\(expression.path(.key).text))")
        expression.require("\(expression.path(.version).text) = \(expression.value(7))")
        #expect(expression.update == "SET #0.#1 = :0, #0.#0 = :1 REMOVE #0.#2, #3")
        #expect(expression.condition == "(attribute_exists(#4)) AND (#5 = :2)")
        var writer = JSONWriter()
        writer.beginObject()
        expression.write(to: &writer)
        writer.endObject()
        let request = try JSONValue(parsing: writer.bytes)
        let names = request["ExpressionAttributeNames"]?.members?.map { "\($0.name)=\($0.value.string ?? "")" }.sorted()
        #expect(names == ["#0=data", "#1=a.b", "#2=c", "#3=size", "#4=session_id", "#5=version"])
        #expect(request["ExpressionAttributeValues"] == [":0": ["S": "x"], ":1": ["N": "5"], ":2": ["N": "7"]])
    }

    @Test("no values, no condition: their members are left out, which the service insists on")
    func empty() throws {
        var expression = Expression()
        try expression.remove(expression.path(.owner))
        var writer = JSONWriter()
        writer.beginObject()
        expression.write(to: &writer)
        writer.endObject()
        #expect(try JSONValue(parsing: writer.bytes) == ["UpdateExpression": "REMOVE #0", "ExpressionAttributeNames": ["#0": "user_id"]])
    }

    @Test("overlapping paths are refused, in either order")
    func overlaps() throws {
        for (first, second) in [
            (["a"], ["a"]), (["a"], ["a", "b"]), (["a", "b"], ["a"]), (["a", "b"], ["a", "b"]), (["a", "b", "c"], ["a"]),
        ] {
            for removes in [false, true] {
                var expression = Expression()
                try expression.set(expression.path(first), to: 1)
                let path = expression.path(second)
                #expect(throws: SessionStoreError.self) {
                    if removes { try expression.remove(path) } else { try expression.set(path, to: 2) }
                }
            }
        }
        var expression = Expression()
        for path in [["a", "b"], ["a", "c"], ["b"], ["a.b"], ["c", "a"]] { try expression.set(expression.path(path), to: 1) }
    }

    /// The service refuses names and values that no expression uses.
    @Test("each form of a write uses every name and value it declares", arguments: WriteForms.all)
    func everythingIsUsed(plan: WritePlan) throws {
        for caller in try [Caller.anonymous, .user(UserID("u1")), .asOperator] {
            let context = WritePlan.Context(
                key: .session(try SessionID("s1")), caller: caller, writeID: "w", timeToLive: .seconds(60))
            let expression = try plan.expression(context, now: Timestamp(milliseconds: 1_800_000_000_123))
            var writer = JSONWriter()
            writer.beginObject()
            expression.write(to: &writer)
            writer.endObject()
            let request = try JSONValue(parsing: writer.bytes)
            let text = (request["UpdateExpression"]?.string ?? "") + " " + (request["ConditionExpression"]?.string ?? "") + " "
            let used = Set(text.split(whereSeparator: { " (),.=<>+".contains($0) }).filter { "#:".contains($0.prefix(1)) }.map(String.init))
            let declared = (request["ExpressionAttributeNames"]?.members ?? []) + (request["ExpressionAttributeValues"]?.members ?? [])
            #expect(used == Set(declared.map(\.name)))
        }
    }
}

/// One plan of each form and fence.
enum WriteForms {
    static let all: [WritePlan] = {
        let record = SessionRecord(data: ["a": 1])
        let expired = WritePlan.Ended(isTombstone: false, otherNames: ["other"])
        let deleted = WritePlan.Ended(isTombstone: true, otherNames: [])
        let live: [WritePlan.Form] = [
            .update(set: ["a": 1, "b": "x"], remove: ["c"]), .update(set: [:], remove: []), .replace(["a": 1]), .touch,
            .delete(otherNames: ["other", "b"]),
        ]
        let fences: [WriteFence] = [.version(SessionVersion(3)), .versionless]
        return [WritePlan(fence: .absent, form: .create(record, over: nil))]
            + fences.flatMap { fence in
                (live + [.create(record, over: expired), .create(record, over: deleted)]).map { WritePlan(fence: fence, form: $0) }
            }
    }()
}
