import Load
import Locked
import SessionStore

/// A store that breaks one promise.
final class LyingStore: SessionStore {
    /// The promise that is broken.
    enum Lie: CaseIterable, Sendable {
        case stale, lost, foreign, forged, mixed, order

        /// What a load has to find.
        var fault: Ledger.Fault {
            switch self {
            case .stale: .stale
            case .lost: .lost
            case .foreign: .foreign
            case .forged: .forged
            case .mixed: .mixed
            case .order: .order
            }
        }
    }

    private let base: any SessionStore
    private let lie: Lie
    private let first = Locked<[SessionKey: Session]>([:])
    private let calls = Locked(0)
    private let interval: Int

    /// It lies with each call of so many.
    init(_ base: any SessionStore, _ lie: Lie, every interval: Int = 50) {
        (self.base, self.lie, self.interval) = (base, lie, interval)
    }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        let truth = try await self.base.read(read)
        guard var session = truth, self.isTime else { return truth }
        switch self.lie {
        case .stale: return self.first.withLock { $0[read.key] } ?? session
        case .lost: return nil
        case .foreign: session.data = LoadContent(session: 1_000_000, number: 1).data(bytes: 10)
        case .forged: session.data["wallet_address"] = "0x00000000000000000000000000000000000000aa"
        case .mixed: if let old = self.first.withLock({ $0[read.key] }) { session.data = old.data }
        case .order: break
        }
        return session
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        var result = try await self.base.write(write)
        self.first.withLock { first in
            if first[write.key] == nil { first[write.key] = result.session }
        }
        if self.lie == .order, let version = result.version, self.isTime { result.version = SessionVersion(version.rawValue - 1000) }
        return result
    }

    private var isTime: Bool {
        self.calls.withLock { calls in
            calls += 1
            return calls.isMultiple(of: self.interval)
        }
    }
}
