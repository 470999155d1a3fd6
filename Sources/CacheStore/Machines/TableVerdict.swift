internal import SessionStore

/// What an error of the table means for the reads that need it.
enum TableVerdict: Hashable {
    /// The table is down, or does not answer in time: counts against it, and an entry that was due for a check may answer, labelled with its age.
    case outage
    /// The table refuses for load. It works for others, but the same entry may answer.
    case refusedForLoad
    /// Nobody was asked, or it was not the table: says nothing.
    case nothing
    /// An answer like any other, though not the one hoped for.
    case answered

    init(_ error: SessionStoreError) {
        switch error.code {
        case .unavailable, .deadlineExceeded: self = .outage
        case .throttled: self = .refusedForLoad
        case .cancelled, .closed, .overloaded: self = .nothing
        default: self = .answered
        }
    }

    /// Whether an entry that was due for a check may answer. Not for a lack of rights, another owner, a malformed item: those are answers. Nor when this
    /// process has too much to do: the table may have something newer to say.
    var allowsStaleAnswers: Bool {
        switch self {
        case .outage, .refusedForLoad: true
        case .nothing, .answered: false
        }
    }
}
