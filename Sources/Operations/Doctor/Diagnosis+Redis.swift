package import Redis

extension Diagnosis {
    /// Whether Redis answers.
    package static func redis(_ outcome: Result<Void, RedisError>, nodes: Int) -> Diagnosis {
        switch outcome {
        case .success:
            return Diagnosis(.redis, .pass, nodes > 1 ? "Redis answers, a cluster of \(nodes) primaries" : "Redis answers")
        case .failure(let error):
            return Diagnosis(
                .redis, .failure, error.message,
                fix: "correct BEDROCK_SESSIONS_REDIS_URL, or start the Redis that it names; until then the table answers all reads")
        }
    }

    /// Whether the way to Redis may be trusted.
    package static func tls(_ outcome: Result<Void, RedisError>, _ place: RedisPlace) -> Diagnosis {
        if case .failure(let error) = outcome, error.code == .tls {
            return Diagnosis(
                .tls, .failure, error.message,
                fix:
                    "openssl s_client -connect HOST:PORT -showcerts shows what the server sends; BEDROCK_SESSIONS_REDIS_CA_FILE names whom to trust"
            )
        }
        if place.isEncrypted {
            guard case .success = outcome else { return Diagnosis(.tls, .unknown, "not checked: Redis does not answer") }
            return Diagnosis(.tls, .pass, "encrypted, with a certificate for this host from a trusted authority")
        }
        if place.isLoopback { return Diagnosis(.tls, .pass, "not encrypted, and on this machine") }
        let fix = "write rediss:// in BEDROCK_SESSIONS_REDIS_URL"
        if place.isSealed {
            return Diagnosis(
                .tls, .warning, "not encrypted: entries are sealed, but a password and the ids in keys can be read on the way", fix: fix)
        }
        return Diagnosis(
            .tls, .failure, "neither the way to Redis is encrypted nor what it holds: others can read and forge wallets", fix: fix)
    }

    /// As whom Redis knows this program. `user` is what ACL WHOAMI answered.
    package static func identity(_ outcome: Result<Void, RedisError>, _ user: Evidence<String>, _ place: RedisPlace) -> Diagnosis {
        if case .failure(let error) = outcome {
            guard error.code == .authentication || error.code == .permission else {
                return Diagnosis(.identity, .unknown, "not checked: Redis does not answer")
            }
            return Diagnosis(
                .identity, .failure, error.message,
                fix: "correct user and password in BEDROCK_SESSIONS_REDIS_URL, or BEDROCK_SESSIONS_REDIS_IDENTITY")
        }
        let name = if case .known(let name) = user { "as the user \(name)" } else { "under a name that Redis does not tell" }
        if place.hasCredentials { return Diagnosis(.identity, .pass, "connected with credentials, \(name)") }
        if place.isLoopback { return Diagnosis(.identity, .pass, "connected without a password, \(name), on this machine") }
        return Diagnosis(
            .identity, .failure, "Redis lets everybody in: connected without a password, \(name)",
            fix:
                "redis-cli ACL SETUSER sessions on '>PASSWORD' '~bs1:*' +@all -@dangerous +info, and redis://sessions:PASSWORD@HOST in BEDROCK_SESSIONS_REDIS_URL"
        )
    }

    /// Redis 6.2 or newer: PXAT and scripts that keep a key's value are of that version.
    package static func version(_ facts: Evidence<[RedisFacts]>) -> Diagnosis {
        facts.diagnosis(.version) { servers in
            var seen: Set<String> = []
            for server in servers {
                guard let text = server["redis_version"] else {
                    return Diagnosis(.version, .unknown, "not checked: \(server.prefix)Redis does not tell its version")
                }
                let numbers = text.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
                let (major, minor) = (numbers.first ?? 0, numbers.count > 1 ? numbers[1] : 0)
                if major < 6 || (major == 6 && minor < 2) {
                    return Diagnosis(
                        .version, .failure, "\(server.prefix)Redis is \(text), and 6.2 is the oldest that works",
                        fix: "run Redis 6.2 or newer")
                }
                seen.insert(server["valkey_version"].map { "Valkey \($0)" } ?? "Redis \(text)")
            }
            return Diagnosis(.version, .pass, seen.sorted().joined(separator: ", "))
        }
    }

    /// What Redis removes when its memory is full.
    package static func eviction(_ facts: Evidence<[RedisFacts]>) -> Diagnosis {
        facts.diagnosis(.eviction) { servers in
            let fix = "redis-cli CONFIG SET maxmemory-policy allkeys-lru (or the parameter group of the service)"
            var notes: Set<String> = []
            var verdict = Verdict.pass
            for server in servers {
                switch server["maxmemory_policy"] {
                case nil: return Diagnosis(.eviction, .unknown, "not checked: \(server.prefix)Redis does not tell its policy")
                case "volatile-ttl"?:
                    return Diagnosis(
                        .eviction, .failure,
                        "\(server.prefix)volatile-ttl evicts what ends first, and that are the intents and leases that keep reads fresh",
                        fix: fix)
                case let policy? where policy.hasSuffix("-random"):
                    verdict = .warning
                    notes.insert("\(server.prefix)\(policy) evicts intents as soon as sessions")
                case let policy?: notes.insert("\(server.prefix)\(policy)")
                }
            }
            return Diagnosis(.eviction, verdict, notes.sorted().joined(separator: "; "), fix: verdict == .pass ? nil : fix)
        }
    }

    /// How much memory is left.
    package static func memory(_ facts: Evidence<[RedisFacts]>) -> Diagnosis {
        facts.diagnosis(.memory) { servers in
            var lines: [String] = []
            var verdict = Verdict.pass
            for server in servers {
                guard let used = server.number("used_memory") else {
                    return Diagnosis(.memory, .unknown, "not checked: \(server.prefix)Redis does not tell its memory")
                }
                let configured = server.number("maxmemory") ?? 0
                let limit = configured > 0 ? configured : server.number("total_system_memory") ?? 0
                let share = limit > 0 ? Double(used) / Double(limit) : 0
                let evicts = server["maxmemory_policy"].map { $0 != "noeviction" } ?? true
                let name = configured > 0 ? "maxmemory" : "the machine's memory (maxmemory is not set)"
                lines.append("\(server.prefix)\(used >> 20) MB used of \(limit >> 20) MB, \(name)")
                guard share >= 0.9 else { continue }
                // One that evicts is full as a rule; one that does not refuses every write of the cache.
                if configured > 0, evicts { if verdict == .pass { verdict = .warning } } else { verdict = .failure }
            }
            return Diagnosis(
                .memory, verdict, lines.joined(separator: "; "),
                fix: verdict == .pass ? nil : "raise maxmemory, or let Redis evict: redis-cli CONFIG SET maxmemory-policy allkeys-lru")
        }
    }

    /// What a restart or a failover of Redis brings back, and whether its disk makes it refuse writes.
    package static func persistence(_ facts: Evidence<[RedisFacts]>) -> Diagnosis {
        facts.diagnosis(.persistence) { servers in
            var lines: [String] = []
            for server in servers {
                guard let role = server["role"] else {
                    return Diagnosis(.persistence, .unknown, "not checked: \(server.prefix)Redis does not tell its role")
                }
                if role == "slave" {
                    return Diagnosis(
                        .persistence, .failure, "\(server.prefix)this is a replica, which takes no writes",
                        fix: "name the primary's endpoint in BEDROCK_SESSIONS_REDIS_URL")
                }
                for (property, what) in [
                    ("rdb_last_bgsave_status", "its last snapshot"), ("aof_last_write_status", "its append-only file"),
                ]
                where server[property] == "err" {
                    return Diagnosis(
                        .persistence, .failure, "\(server.prefix)Redis could not write \(what), and refuses writes for that",
                        fix: "free its disk, or redis-cli CONFIG SET save '' and CONFIG SET appendonly no: a cache needs neither")
                }
                let keeps = server["aof_enabled"] == "1" ? "keeps an append-only file" : "keeps snapshots at most"
                let replicas = server.number("connected_slaves") ?? 0
                lines.append(
                    "\(server.prefix)\(keeps), \(replicas) replica\(replicas == 1 ? "" : "s"); what a restart or failover brings back is checked before it answers"
                )
            }
            return Diagnosis(.persistence, .pass, lines.joined(separator: "; "))
        }
    }

    /// Whether a failover can be told from the server that was there before.
    package static func failover(epoch: Evidence<UInt64>, revalidateAfter: Duration) -> Diagnosis {
        epoch.diagnosis(.failover) { epoch in
            if epoch != 0 {
                return Diagnosis(.failover, .pass, "the server tells who it is: after a failover each entry is checked on its first read")
            }
            return Diagnosis(
                .failover, .warning,
                "the server hides run_id and master_replid: after a failover, entries older than an acknowledged write may answer for "
                    + "\(revalidateAfter.components.seconds) s (BEDROCK_SESSIONS_REVALIDATE_AFTER)",
                fix: "allow INFO to this user (redis-cli ACL SETUSER NAME +info), or choose a shorter BEDROCK_SESSIONS_REVALIDATE_AFTER")
        }
    }

    /// Whether there is a cluster, and it serves all slots. `state` is what CLUSTER INFO said where there is one.
    package static func cluster(_ state: Evidence<[String: String]?>, _ place: RedisPlace) -> Diagnosis {
        state.diagnosis(.cluster) { info in
            guard let info else { return Diagnosis(.cluster, .pass, "one server, no cluster") }
            let slots = info["cluster_slots_ok"].flatMap { Int($0) } ?? 0
            guard info["cluster_state"] == "ok", slots == 16384 else {
                return Diagnosis(
                    .cluster, .failure, "the cluster serves \(slots) of 16384 slots: sessions of the others come from the table",
                    fix: "redis-cli --cluster fix HOST:PORT")
            }
            if place.hasNearCache {
                return Diagnosis(
                    .cluster, .warning, "a cluster with all slots; the near cache stays off, for its invalidations come from one server",
                    fix: "unset BEDROCK_SESSIONS_NEAR_CACHE_ENTRIES")
            }
            return Diagnosis(.cluster, .pass, "a cluster with all slots")
        }
    }

    /// Round trips of one tier.
    package static func latency(_ check: Check, _ roundTrips: Evidence<[Duration]>, slow: Duration, broken: Duration, fix: String)
        -> Diagnosis
    {
        roundTrips.diagnosis(check) { times in
            let sorted = times.sorted()
            guard let last = sorted.last else { return Diagnosis(check, .unknown, "not checked: nothing was measured") }
            let median = sorted[sorted.count / 2]
            let verdict: Verdict = median >= broken ? .failure : median >= slow ? .warning : .pass
            return Diagnosis(
                check, verdict, "\(median.shortText) a round trip, \(last.shortText) the slowest of \(sorted.count)",
                fix: verdict == .pass ? nil : fix)
        }
    }
}

extension Duration {
    /// A duration for a person: `12 µs`, `3.4 ms`, `2.1 s`, `5 min`, `3 h`, `2 d`.
    package var shortText: String {
        let (seconds, attoseconds) = self.components
        let micros = attoseconds / 1_000_000_000_000
        switch seconds {
        case 0 where micros < 1000: return "\(micros) µs"
        case 0: return "\(micros / 1000).\(micros % 1000 / 100) ms"
        case ..<60: return "\(seconds).\(micros / 100_000) s"
        case ..<3600: return "\(seconds / 60) min"
        case ..<86400: return "\(seconds / 3600) h"
        default: return "\(seconds / 86400) d"
        }
    }
}
