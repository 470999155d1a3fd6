import Locked
import SessionStore

/// One check on one store: fresh keys, and a list of what was found.
final class ContractRun: Sendable {
    let subject: ContractSubject
    private let check: String
    private let tag = String(UInt64.random(in: .min ... .max), radix: 36)
    private let state = Locked((issued: 0, findings: [ContractViolation.Finding]()))

    init(_ subject: ContractSubject, check: String) {
        self.subject = subject
        self.check = check
    }

    var store: any SessionStore { self.subject.store }

    /// The store and its peers, in turn.
    func store(_ turn: Int) -> any SessionStore {
        let all = [self.subject.store] + self.subject.peers
        return all[turn % all.count]
    }

    var now: Timestamp { self.subject.clock.now }

    /// Moves the time; checks that need it say so.
    func advance(by duration: Duration) async throws {
        try await self.subject.advance?(duration)
    }

    /// Takes the source of truth away for the time of `body`.
    func outage(_ body: () async throws -> Void) async throws {
        try await self.subject.outage?(true)
        try await body()
        try await self.subject.outage?(false)
        try await self.recovery()
    }

    /// Waits for the store to notice that its source of truth is back: one that spares a broken server asks it now and then only.
    private func recovery() async throws {
        let key = try self.session()
        for _ in 0..<100 {
            do throws(SessionStoreError) {
                _ = try await self.store.session(key, consistency: .strong)
                for peer in self.subject.peers { _ = try await peer.session(key, consistency: .strong) }
                return
            } catch {
                guard error.isTransient else { throw error }
            }
            if self.subject.advance == nil {
                try await self.subject.clock.sleep(for: .milliseconds(100))
            } else {
                try await self.advance(by: .milliseconds(500))
            }
        }
        self.report("the store does not answer after an outage", at: "")
    }

    /// Ends an outage that a check has left because of an error.
    func endOutage() async {
        do {
            try await self.subject.outage?(false)
        } catch {
            self.report("the outage could not be ended: \(error)", at: "")
        }
    }

    var findings: [ContractViolation.Finding] { self.state.withLock { $0.findings } }

    /// A session that nobody used before.
    func session() throws(SessionStoreError) -> SessionKey {
        .session(try SessionID("contract-\(self.tag)-\(self.next())"))
    }

    /// A user whom nobody knew before.
    func user() throws(SessionStoreError) -> UserID {
        try UserID("user-\(self.tag)-\(self.next())@contract")
    }

    private func next() -> Int {
        self.state.withLock { state in
            state.issued += 1
            return state.issued
        }
    }

    func report(_ message: String, at location: String) {
        let finding = ContractViolation.Finding(check: self.check, message: message, location: location)
        self.state.withLock { $0.findings.append(finding) }
    }

    /// Notes `message` unless `condition` holds.
    func expect(_ condition: Bool, _ message: @autoclosure () -> String, file: String = #fileID, line: Int = #line) {
        if !condition { self.report(message(), at: "\(file):\(line)") }
    }

    /// Notes it unless the call throws an error of this code, whose text holds neither ids nor values.
    func refuses<Answer>(
        _ code: SessionStoreError.Code, _ what: String, file: String = #fileID, line: Int = #line,
        _ call: () async throws(SessionStoreError) -> Answer
    ) async {
        do throws(SessionStoreError) {
            _ = try await call()
            self.report("\(what): expected \(code.label), but it succeeded", at: "\(file):\(line)")
        } catch {
            self.expect(error.code == code, "\(what): expected \(code.label), but it threw \(error)", file: file, line: line)
            self.expect(!error.description.contains(self.tag), "\(what): the error's text holds an id", file: file, line: line)
            self.expect(!error.message.isEmpty, "\(what): the error says nothing", file: file, line: line)
        }
    }

    /// Writes until no other writer wins the race: `.conflict` and throttling may be answered under contention, and mean that nothing was kept.
    func persistently<Answer>(
        _ call: () async throws(SessionStoreError) -> Answer
    ) async throws(SessionStoreError) -> Answer {
        for _ in 0..<50 {
            do throws(SessionStoreError) {
                return try await call()
            } catch {
                guard error.code == .conflict || error.code == .throttled else { throw error }
            }
        }
        return try await call()
    }

    /// A value that no other check writes, and that no error may repeat.
    func secret(_ text: String) -> SessionValue { .string("\(text)-\(self.tag)") }
}
