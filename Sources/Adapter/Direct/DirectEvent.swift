import JSON
import SessionStore

/// A plain object that somebody sends to try the function out: `{"session_id": "s-1", "user_id": "ada", "wallet_address": "0x…", "data": {…}}`.
struct DirectEvent: Sendable {
    var session: SessionID
    var caller: Caller
    /// What it gives under remembered fields.
    var given: [GivenField] = []
    /// The other fields to store.
    var data: SessionData = [:]

    /// An event that is meant as one, and what is wrong with it.
    struct Reading: Sendable {
        /// The event's members.
        let members: [JSONValue.Member]

        /// What makes an event one of an action group: those have their own answers, whatever else they hold.
        private static let actionMembers: Set<String> = ["messageVersion", "actionGroup", "apiPath", "httpMethod", "function", "sessionId"]

        /// Nil for anything but an object with a `session_id` and nothing that an action group's event has.
        init?(_ event: [UInt8]) {
            guard case .object(let members)? = try? JSONValue(parsing: event), members.contains(where: { $0.name == "session_id" }),
                !members.contains(where: { Self.actionMembers.contains($0.name) })
            else { return nil }
            self.members = members
        }

        /// The event. Throws what is wrong with it.
        func event(remembering fields: [RememberedField]) throws(SessionStoreError) -> DirectEvent {
            var event = DirectEvent(session: try SessionID(try self.text("session_id") ?? ""), caller: .anonymous)
            if let user = try self.text("user_id"), !user.isEmpty { event.caller = .user(try UserID(user)) }
            if let wallet = try self.text(RememberedField.wallet.name) {
                event.given.append(GivenField(RememberedField.wallet.name, wallet))
            }
            switch self["data"] {
            case nil, .null: break
            case .object(let members):
                for member in members { try event.take(member, fields) }
            default: throw SessionStoreError(.invalidValue, "data is an object with the fields to store")
            }
            try SessionWrite.Change.update(set: event.data, remove: []).validate()
            return event
        }

        private subscript(_ name: String) -> JSONValue? { self.members.first { $0.name == name }?.value }

        /// The text of a member; nil when it is missing or null.
        private func text(_ name: String) throws(SessionStoreError) -> String? {
            switch self[name] {
            case nil, .null: return nil
            case .string(let text): return text
            default: throw SessionStoreError(.invalidValue, "\(name) is a text: send it in quotes")
            }
        }
    }

    /// A field of `data`: a remembered one is checked as such, wherever it stands; the bookkeeping of one is nobody's to set.
    private mutating func take(_ member: JSONValue.Member, _ fields: [RememberedField]) throws(SessionStoreError) {
        guard !fields.contains(where: { $0.name != member.name && $0.allNames.contains(member.name) }) else {
            throw SessionStoreError(.invalidValue, "data holds a field that the bookkeeping of remembered fields uses; leave it out")
        }
        guard fields.contains(where: { $0.name == member.name }) else {
            self.data[member.name] = try SessionValue(plain: member.value)
            return
        }
        switch member.value {
        case .string(let text), .number(let text): self.given.append(GivenField(member.name, text))
        case .bool(let flag): self.given.append(GivenField(member.name, flag ? "true" : "false"))
        case .null: break
        case .object, .array: throw SessionStoreError(.invalidValue, "a remembered field is a text, a number or a truth value")
        }
    }
}
