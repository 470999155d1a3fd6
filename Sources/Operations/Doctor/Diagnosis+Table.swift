package import Dynamo
import SessionStore

/// Which table is meant, for sentences and commands.
package struct TablePlace: Hashable, Sendable {
    /// The table's name.
    package var table: String
    /// The AWS region.
    package var region: String

    /// That table.
    package init(table: String, region: String) {
        self.table = table
        self.region = region
    }

    /// `aws dynamodb` with an operation on this table.
    func command(_ operation: String, _ options: String) -> String {
        "aws dynamodb \(operation) --region \(self.region) --table-name \(self.table) \(options)"
    }
}

extension Diagnosis {
    /// Whether the table is there and may be used. `read` is what became of reading an item: it needs no right that sessions do not need.
    package static func table(_ read: Result<Void, DynamoError>, _ found: Evidence<TableDescription?>, _ place: TablePlace) -> Diagnosis {
        if case .failure(let error) = read {
            let create = "bedrock-sessions create-table \(place.table) \(place.region)"
            let isMissing = error.storeError.code == .tableMissing
            return Diagnosis(.table, .failure, error.message, fix: isMissing ? create : nil)
        }
        guard case .known(let description?) = found else {
            return Diagnosis(.table, .pass, "the table \(place.table) in \(place.region) answers")
        }
        switch description.status {
        case .active: return Diagnosis(.table, .pass, "the table \(place.table) in \(place.region) is active")
        case .updating: return Diagnosis(.table, .pass, "the table \(place.table) in \(place.region) is being changed, and answers")
        case .creating, .deleting, .unusable:
            return Diagnosis(
                .table, .failure, "the table \(place.table) in \(place.region) is being made or removed, or its key cannot be used",
                fix: place.command("describe-table", "").trimmed)
        }
    }

    /// Whether the key is `session_id` (S) alone. Reading an item by it says so, too.
    package static func keySchema(
        _ read: Result<Void, DynamoError>, _ found: Evidence<TableDescription?>, _ place: TablePlace
    ) -> Diagnosis {
        let wrong = Diagnosis(
            .keySchema, .failure, "the table has another key than session_id (S) alone",
            fix: "bedrock-sessions create-table NAME \(place.region), and BEDROCK_SESSIONS_TABLE=NAME")
        if case .known(let description?) = found {
            return description.hasSessionKey
                ? Diagnosis(.keySchema, .pass, "the partition key is session_id (S), without a sort key") : wrong
        }
        switch read {
        case .success: return Diagnosis(.keySchema, .pass, "an item was asked for by session_id (S) alone, and the table answered")
        case .failure(let error) where error.storeError.code == .misconfigured && error.code == "ValidationException": return wrong
        case .failure(let error): return Diagnosis(.keySchema, .unknown, "not checked: \(error.message)")
        }
    }

    /// Whether items end by `expiration`.
    package static func timeToLive(_ found: Evidence<TimeToLiveDescription>, _ place: TablePlace) -> Diagnosis {
        found.diagnosis(.timeToLive) { found in
            let enable = place.command(
                "update-time-to-live", "--time-to-live-specification Enabled=true,AttributeName=expiration")
            switch found.status {
            case .enabled, .enabling:
                if found.attribute == "expiration" {
                    return Diagnosis(.timeToLive, .pass, "items are removed after their expiration")
                }
                let attribute = found.attribute ?? "another attribute"
                let disable = place.command(
                    "update-time-to-live", "--time-to-live-specification Enabled=false,AttributeName=\(attribute)")
                return Diagnosis(
                    .timeToLive, .failure, "items are removed by the attribute \(attribute), sessions end by expiration",
                    fix: "\(disable), and after an hour \(enable)")
            case .disabled, .disabling:
                return Diagnosis(
                    .timeToLive, .failure, "the time to live is off: ended sessions stay in the table and are paid for", fix: enable)
            }
        }
    }

    /// Whose key encrypts the table.
    package static func encryption(_ found: Evidence<TableDescription?>, _ place: TablePlace) -> Diagnosis {
        found.diagnosis(.encryption) { found in
            switch found?.encryption {
            case nil: Diagnosis(.encryption, .unknown, "not checked: there is no table")
            case .inAccount: Diagnosis(.encryption, .pass, "encrypted with a key in the account's KMS")
            case .changing:
                Diagnosis(
                    .encryption, .warning, "the encryption is being changed, or its key cannot be used",
                    fix: place.command("describe-table", "--query Table.SSEDescription"))
            case .ownedByAWS:
                Diagnosis(
                    .encryption, .warning, "encrypted with a key that AWS owns: its use cannot be seen or ended by the account",
                    fix: place.command("update-table", "--sse-specification Enabled=true"))
            }
        }
    }

    /// Whether the table can be restored to any second.
    package static func recovery(_ found: Evidence<Bool>, _ place: TablePlace) -> Diagnosis {
        found.diagnosis(.recovery) { isOn in
            if isOn { return Diagnosis(.recovery, .pass, "the table can be restored to any second of the last 35 days") }
            return Diagnosis(
                .recovery, .warning, "point-in-time recovery is off: what a mistake deletes is gone",
                fix: place.command(
                    "update-continuous-backups", "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"))
        }
    }

    /// Which operations on items are allowed.
    package static func rights(_ held: [DynamoOperation: Evidence<Void>], _ place: TablePlace) -> Diagnosis {
        let policy = "bedrock-sessions policy --table \(place.table) --region \(place.region)"
        let fix = "attach what `\(policy)` prints to the role"
        func names(_ operations: [DynamoOperation], _ choose: (Evidence<Void>) -> Bool) -> [String] {
            operations.filter { held[$0].map(choose) ?? false }.map(\.rawValue)
        }
        let isRefused = { (evidence: Evidence<Void>) in if case .refused = evidence { true } else { false } }
        let isHeld = { (evidence: Evidence<Void>) in if case .known = evidence { true } else { false } }
        let needed: [DynamoOperation] = [.getItem, .putItem, .updateItem]
        let extra: [DynamoOperation] = [.batchGetItem, .query, .scan, .deleteItem]
        let missing = names(needed, isRefused)
        if !missing.isEmpty {
            return Diagnosis(.rights, .failure, "not allowed: \(missing.joined(separator: ", ")), which sessions need", fix: fix)
        }
        let found = names(needed + extra, isHeld)
        guard names(needed, isHeld).count == needed.count else {
            return Diagnosis(.rights, .unknown, "not checked: the table did not answer to every question")
        }
        let lacking = names(extra, isRefused)
        let rest = lacking.isEmpty ? "" : "; not \(lacking.joined(separator: ", ")), which sessions do without"
        return Diagnosis(.rights, .pass, "allowed: \(found.joined(separator: ", "))\(rest)")
    }

    /// Whether items that other programs wrote can be read, as far as the first page of the table shows.
    package static func olderItems(_ sample: Evidence<[TableItem]>) -> Diagnosis {
        sample.diagnosis(.olderItems) { items in
            var (older, malformed) = (0, Set<String>())
            var broken = 0
            for item in items {
                switch item.state {
                case .malformed(let sentence):
                    broken += 1
                    malformed.insert(sentence)
                case .live: older += item.version == nil ? 1 : 0
                case .expired, .deleted: break
                }
            }
            if let reason = malformed.sorted().first {
                return Diagnosis(
                    .olderItems, .failure, "\(broken) of the first \(items.count) items cannot be read: \(reason)",
                    fix: "see docs/MIGRATION.md; `bedrock-sessions audit` names them all")
            }
            let what = older == 0 ? "none of another program" : "\(older) of programs without versions, all readable"
            return Diagnosis(.olderItems, .pass, "of the first \(items.count) items \(what)")
        }
    }

    /// How far the local clock is from the table's, and Redis's from that.
    ///
    /// - Parameters:
    ///   - correction: What has to be added to the local clock; nil: no table answered.
    ///   - redis: How far Redis is ahead of the corrected clock; nil: not known.
    package static func clock(correction: Duration?, redis: Duration?) -> Diagnosis {
        let fix = "turn on time synchronisation: timedatectl set-ntp true"
        var lines: [String] = []
        var worst = Diagnosis.Verdict.pass
        if let correction {
            let seconds = abs(correction.components.seconds)
            lines.append(
                seconds == 0
                    ? "the clock agrees with the table's"
                    : "the clock is \(seconds) s \(correction > .zero ? "behind" : "ahead of") the table's; its answers correct that")
            // Signatures of more than five minutes' difference are refused until the first answer has taught better.
            worst = seconds >= 240 ? .failure : seconds >= 2 ? .warning : .pass
        }
        if let redis {
            let seconds = abs(redis.components.seconds)
            lines.append(
                seconds < 2
                    ? "Redis's clock agrees"
                    : "Redis's clock is \(seconds) s \(redis > .zero ? "ahead" : "behind"): entries end early or late")
            if seconds >= 60 { worst = .failure } else if seconds >= 2, worst == .pass { worst = .warning }
        }
        guard !lines.isEmpty else { return Diagnosis(.clock, .unknown, "not checked: nobody's time was learned") }
        return Diagnosis(.clock, worst, lines.joined(separator: "; "), fix: worst == .pass ? nil : fix)
    }
}

extension String {
    fileprivate var trimmed: String { self.last == " " ? String(self.dropLast()) : self }
}
