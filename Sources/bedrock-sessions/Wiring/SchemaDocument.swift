import Adapter
import JSON
import Settings
import Wiring

/// A file with an action group's schema, in JSON or YAML.
struct SchemaDocument {
    /// Its tree, as JSON has it.
    let tree: JSONValue
    /// What it says.
    let schema: ActionSchema

    /// Reads a file: YAML if its name ends with `.yaml` or `.yml`. Throws everything that is wrong with it.
    init(_ path: String) throws(SettingsError) {
        let bytes = try SchemaFile.contents(path)
        guard SchemaFile.isYAML(path) else {
            self.schema = try SchemaFile.schema(json: bytes)
            do throws(JSONError) {
                self.tree = try JSONValue(parsing: bytes)
            } catch {
                throw Self.error("the schema cannot be read: \(error)")
            }
            return
        }
        do throws(YAMLTree.Problem) {
            self.tree = try YAMLTree.json(bytes)
        } catch {
            throw Self.error("the schema cannot be read: \(error.sentence)")
        }
        self.schema = try SchemaFile.schema(json: self.tree.encoded)
    }

    private static func error(_ problem: String) -> SettingsError {
        SettingsError(["\(SettingKey.schema.rawValue): \(problem)"])
    }
}
