import AWS
package import Adapter
import EventLoop
import Settings

/// What actions beside the built-in ones need: the action group's schema, and the API behind it.
package struct ActionServices: Sendable {
    /// The schema; nil: there are the built-in actions alone.
    package let schema: ActionSchema?
    /// The API; nil: none is configured.
    package let upstream: HTTPUpstream?

    /// A schema lies here in a deployment that does not say where it is.
    static let defaultFile = "schema.json"

    /// Reads the schema and makes the API's client; nothing is sent. What is wrong is added to `problems`.
    init(
        _ setting: ActionSetting, schema given: ActionSchema?, loop: UVLoop, environment: Environment, _ problems: inout [String]
    ) {
        do throws(SettingsError) {
            self.schema = if let given { given } else { try Self.schema(setting, environment) }
        } catch {
            problems += error.problems
            self.schema = nil
        }
        guard let url = setting.apiURL else {
            self.upstream = nil
            return
        }
        do throws(SettingsError) {
            let address = try UpstreamAddress(url)
            let key = try setting.apiKeyHeader.flatMap { name in setting.apiKeyValue.map { (name, $0) } }
                .map { (pair) throws(SettingsError) in try UpstreamKey(name: pair.0, value: pair.1) }
            self.upstream = HTTPUpstream(address, key: key, runtimeAPI: environment["AWS_LAMBDA_RUNTIME_API"], loop: loop)
        } catch {
            problems += error.problems
            self.upstream = nil
        }
        if self.schema == nil, problems.isEmpty {
            problems.append("\(SettingKey.apiURL.rawValue) says nothing without a schema: name its file with \(SettingKey.schema.rawValue)")
        }
    }

    private static func schema(_ setting: ActionSetting, _ environment: Environment) throws(SettingsError) -> ActionSchema? {
        if let path = setting.schema { return try SchemaFile.schema(path) }
        guard let root = environment["LAMBDA_TASK_ROOT"] else { return nil }
        let path = "\(root)/\(Self.defaultFile)"
        return SchemaFile.isThere(path) ? try SchemaFile.schema(path) : nil
    }
}
