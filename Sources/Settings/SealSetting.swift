package import Sealing

/// What is said about sealing the cache's entries.
package enum SealSetting: Hashable, Sendable {
    /// Nothing: entries lie open, which a Redis on this machine may hold.
    case unset
    /// `none`: entries lie open, wherever Redis is.
    case none
    /// Under these keys.
    case keys(KeyRing)

    /// The word that stands for no keys.
    static let noneWord = "none"

    /// Reads both variables. What is wrong becomes a problem that quotes nothing of them.
    init(_ reader: inout SettingsReader, contents: (String) throws(FileFailure) -> String) {
        let (text, path) = (reader.text(.sealKeys), reader.text(.sealKeysFile))
        self = .unset
        switch (text, path) {
        case (nil, nil): break
        case (.some, .some):
            let names = "\(SettingKey.sealKeysFile.rawValue) and \(SettingKey.sealKeys.rawValue)"
            reader.problems.append("\(names) exclude each other: set one of them")
        case (Self.noneWord, nil): self = .none
        case (let text?, nil): self.read(text, .sealKeys, &reader)
        case (nil, let path?):
            do throws(FileFailure) {
                self.read(try contents(path), .sealKeysFile, &reader)
            } catch {
                reader.problems.append("\(SettingKey.sealKeysFile.rawValue) names a file that \(error.problem)")
            }
        }
    }

    private mutating func read(_ text: String, _ key: SettingKey, _ reader: inout SettingsReader) {
        do throws(SealingError) {
            self = .keys(try KeyRing(text))
        } catch {
            reader.problems.append("\(key.rawValue): \(error.problem)")
        }
    }
}
