import SessionStore

/// The versions of one session, in order: what each holds, and when it replaced the one before.
///
/// Taken from the table's own account where there is one. Without it, from what was acknowledged and read; then versions nobody saw are missing,
/// and a version that a read saw first came at an unknown time.
struct Timeline {
    struct Version {
        var number: Int64
        /// Nil: deleted.
        var data: SessionData?
        var owner: UserID?
        var expiration: Timestamp?
        var createdAt: Timestamp?
        /// The change happened at this moment or later; nil: unknown.
        var earliest: Moment?
        /// The change happened at this moment or before.
        var latest: Moment
        var operation: Int?
    }

    /// By number, ascending.
    private(set) var versions: [Version] = []
    /// Whether every version is here.
    let isComplete: Bool

    init(_ operations: [Operation], _ changes: [TableChange]) {
        self.isComplete = !changes.isEmpty || operations.allSatisfy { $0.acknowledgedVersion == nil }
        var found: [Int64: Version] = [:]
        if changes.isEmpty {
            for operation in operations { Self.note(operation, &found) }
        } else {
            for change in changes {
                guard let record = change.record, let number = record.version?.rawValue, found[number] == nil else { continue }
                found[number] = Version(
                    number: number, data: record.data, owner: record.owner, expiration: record.data == nil ? nil : record.expiration,
                    createdAt: record.createdAt, earliest: change.moment, latest: change.moment, operation: change.operation)
            }
        }
        self.versions = found.values.sorted { $0.number < $1.number }
    }

    private static func note(_ operation: Operation, _ found: inout [Int64: Version]) {
        guard let ended = operation.ended else { return }
        switch operation.outcome {
        case .acknowledged(let result):
            guard result.changed, let number = result.version?.rawValue else { return }
            found[number] = Self.version(number, result.session, from: operation.began, to: ended, by: operation.id)
        case .answered(let session?):
            guard let number = session.version?.rawValue else { return }
            if let known = found[number] {
                if known.earliest == nil, ended < known.latest { found[number]?.latest = ended }
            } else {
                found[number] = Self.version(number, session, from: nil, to: ended, by: nil)
            }
        case .open, .answered(nil), .failed: return
        }
    }

    private static func version(
        _ number: Int64, _ session: Session?, from earliest: Moment?, to latest: Moment, by operation: Int?
    ) -> Version {
        Version(
            number: number, data: session?.data, owner: session?.owner, expiration: session?.expiration, createdAt: session?.createdAt,
            earliest: earliest, latest: latest, operation: operation)
    }

    /// The index of the first version whose number is `number` or more.
    func index(from number: Int64) -> Int {
        var (low, high) = (0, self.versions.count)
        while low < high {
            let middle = (low + high) / 2
            if self.versions[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    subscript(_ number: Int64) -> Version? {
        let index = self.index(from: number)
        return index < self.versions.count && self.versions[index].number == number ? self.versions[index] : nil
    }

    /// The version that replaced `number`.
    func next(after number: Int64) -> Version? {
        let index = self.index(from: number + 1)
        return index < self.versions.count ? self.versions[index] : nil
    }
}
