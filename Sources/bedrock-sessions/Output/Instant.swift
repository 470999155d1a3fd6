import Foundation
import SessionStore

extension Timestamp {
    /// ISO 8601 in UTC with whole seconds; nil outside the years 1 to 9999, which that form cannot write.
    var iso8601: String? {
        guard (-62_135_596_800...253_402_300_799).contains(self.seconds) else { return nil }
        return Date(timeIntervalSince1970: Double(self.seconds)).formatted(.iso8601)
    }
}

extension Duration {
    /// Whole milliseconds, for a document.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds.multipliedReportingOverflow(by: 1000).partialValue &+ attoseconds / 1_000_000_000_000_000
    }
}
