/// What is said of actions beside the built-in ones.
package struct ActionSetting: Hashable, Sendable {
    /// The file with the action group's schema.
    package var schema: String?
    /// The address of the upstream API.
    package var apiURL: String?
    /// The header field that carries its key.
    package var apiKeyHeader: String?
    /// The key: never print it.
    package var apiKeyValue: String?
    /// What becomes of answers that are too large for an agent.
    package var largeAnswers = LargeAnswers.cut

    /// What becomes of an answer that is too large.
    package enum LargeAnswers: String, Hashable, Sendable {
        /// Its beginning is the answer.
        case cut
        /// The model is told to ask for less.
        case refuse
    }

    /// With these parts.
    package init(schema: String? = nil, apiURL: String? = nil, apiKeyHeader: String? = nil, apiKeyValue: String? = nil) {
        self.schema = schema
        self.apiURL = apiURL
        self.apiKeyHeader = apiKeyHeader
        self.apiKeyValue = apiKeyValue
    }

    /// Reads the variables.
    init(_ reader: inout SettingsReader) {
        self.schema = reader.text(.schema)
        self.apiURL = reader.value(.apiURL, "is an http or https address such as https://api.example.com/v1") {
            $0.hasPrefix("http://") || $0.hasPrefix("https://") ? $0 : nil
        }
        self.apiKeyHeader = reader.text(.apiKeyHeader)
        self.apiKeyValue = reader.text(.apiKeyValue)
        self.largeAnswers = reader.value(.largeAnswers, or: .cut, "is cut or refuse") { LargeAnswers(rawValue: $0) }
        if (self.apiKeyHeader == nil) != (self.apiKeyValue == nil) {
            reader.problems.append("\(SettingKey.apiKeyHeader.rawValue) and \(SettingKey.apiKeyValue.rawValue) belong together: set both")
        }
        if self.apiKeyHeader != nil, self.apiURL == nil, reader.text(.apiURL) == nil {
            reader.problems.append("\(SettingKey.apiKeyHeader.rawValue) says nothing without \(SettingKey.apiURL.rawValue)")
        }
    }
}
