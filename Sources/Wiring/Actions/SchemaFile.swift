package import Adapter
import Glibc
package import Settings

/// A file with an action group's schema.
package enum SchemaFile {
    /// Reads a schema in JSON. Throws everything that is wrong with it.
    package static func schema(_ path: String) throws(SettingsError) -> ActionSchema {
        guard !Self.isYAML(path) else {
            throw Self.error("a schema in YAML is read by the command line alone; `bedrock-sessions schema FILE --json` prints it in JSON")
        }
        return try Self.schema(json: try Self.contents(path))
    }

    /// Reads the schema in these bytes. Throws everything that is wrong with it.
    package static func schema(json: [UInt8]) throws(SettingsError) -> ActionSchema {
        do throws(ActionSchemaError) {
            return try ActionSchema(json: json)
        } catch {
            throw SettingsError(error.problems.map { "\(SettingKey.schema.rawValue): \($0)" })
        }
    }

    /// Whether its name says that it is YAML.
    package static func isYAML(_ path: String) -> Bool {
        let name = path.lowercased()
        return name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }

    /// The file's bytes. Throws what can be done when it cannot be read.
    package static func contents(_ path: String) throws(SettingsError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Self.error("the file cannot be read (\(String(cString: strerror(errno)))): name one that is there")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Self.error("the file cannot be read (\(String(cString: strerror(errno)))): name one that is there")
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= ActionSchema.maximumBytes else {
                throw Self.error("the file has more than \(ActionSchema.maximumBytes >> 20) MB: leave examples and descriptions out")
            }
        }
    }

    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func error(_ problem: String) -> SettingsError {
        SettingsError(["\(SettingKey.schema.rawValue): \(problem)"])
    }
}
