/// How far the local clock is from a service's, learned from the `Date` of its answers. Pure.
struct ClockSkew: Hashable, Sendable {
    /// A signature's date may differ by so much from the service's time, seconds: services refuse at five minutes (IAM User Guide, "Troubleshoot
    /// signature version 4": requests expire after five minutes), and the SDKs count from four.
    static let tolerated: Int64 = 240

    /// Differences of less than this, in seconds, are the header's resolution and the answer's travel time.
    private static let resolution: Int64 = 2

    /// What to add to the local time, seconds.
    private(set) var correction: Int64 = 0

    /// An answer of this date came at this local time, both in seconds since 1970.
    mutating func answered(date: Int64, localTime: Int64) {
        let difference = date.subtractingReportingOverflow(localTime).partialValue
        self.correction = difference.magnitude < UInt64(Self.resolution) ? 0 : difference
    }
}
