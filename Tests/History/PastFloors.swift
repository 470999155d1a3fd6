import SessionStore

/// What a process with a near cache is held to: what was so `age` before its read began, and what it has seen or written itself.
struct PastFloors {
    private let age: Duration?
    /// In the order of time.
    private var floors: [(time: Timestamp, floor: KeyChecker.Floor)] = []
    private var own: [Int: KeyChecker.Floor] = [:]

    /// - Parameter age: nil: there are no near caches.
    init(age: Duration?) {
        self.age = age
    }

    /// An operation of a process has ended, and gives its own later reads at least `own`, and all reads `floor`.
    mutating func raised(_ own: KeyChecker.Floor, to floor: KeyChecker.Floor, by process: Int, at time: Timestamp) {
        guard self.age != nil else { return }
        self.floors.append((time, floor))
        self.own[process] = (self.own[process] ?? .init()).joined(own)
    }

    /// What a read is held to that begins now; nil: what everybody is.
    func floor(for process: Int, at time: Timestamp) -> KeyChecker.Floor? {
        guard let age else { return nil }
        let then = time - age
        let past = self.floors.last { $0.time < then }?.floor ?? .init()
        return past.joined(self.own[process] ?? .init())
    }
}

extension KeyChecker.Floor {
    fileprivate func joined(_ other: Self) -> Self {
        Self(acknowledged: max(self.acknowledged, other.acknowledged), seen: max(self.seen, other.seen))
    }
}
