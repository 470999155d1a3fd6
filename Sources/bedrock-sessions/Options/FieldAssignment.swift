import ArgumentParser
import JSON
import SessionStore

/// One `FIELD=VALUE` (a text) or `FIELD:=JSON` (a typed value) of a command line.
struct FieldAssignment {
    let name: String
    let value: SessionValue

    /// Reads an assignment. Throws a usage failure.
    init(_ text: String) throws(CommandFailure) {
        guard let sign = text.firstIndex(of: "=") else {
            throw .usage("a field is given as FIELD=VALUE, or as FIELD:=JSON for a value with a type")
        }
        let left = text[..<sign]
        let right = String(text[text.index(after: sign)...])
        let isTyped = left.hasSuffix(":")
        let name = String(isTyped ? left.dropLast() : left)
        guard !name.isEmpty else { throw .usage("the name before the equals sign is missing: give FIELD=VALUE") }
        self.name = name
        do throws(SessionStoreError) {
            self.value = isTyped ? try SessionValue(json: ExactNumber.parse(Array(right.utf8))) : .string(right)
        } catch {
            throw .usage("the value of a field after := is not usable: \(error.message)")
        }
    }

    /// Fields by name. Throws a usage failure, also for a field that is given twice.
    static func data(_ texts: [String]) throws(CommandFailure) -> SessionData {
        var data: SessionData = [:]
        for text in texts {
            let field = try FieldAssignment(text)
            guard data.updateValue(field.value, forKey: field.name) == nil else {
                throw .usage("a field is given twice; decide for one of its values")
            }
        }
        return data
    }
}
