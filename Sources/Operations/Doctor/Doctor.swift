package import AWS
package import Settings
package import Wiring

/// Gathers evidence about a deployment and has it judged. Nothing is changed: writes among its questions have a condition that never holds.
package struct Doctor: Sendable {
    let services: SessionServices
    let settings: Settings
    let place: TablePlace
    /// How many round trips are measured.
    static let samples = 5

    /// A doctor for opened services.
    package init(_ services: SessionServices, settings: Settings, region: String) {
        self.services = services
        self.settings = settings
        self.place = TablePlace(table: settings.table ?? Settings.defaultTable, region: region)
    }

    /// Every check of the tiers that are there.
    package func diagnoses() async -> [Diagnosis] {
        var all: [Diagnosis] = []
        if self.services.dynamo != nil { all += await self.tableDiagnoses() } else { all.append(await self.embeddedLatency()) }
        if self.services.redis != nil { all += await self.cacheDiagnoses() }
        // Only now: the table's answers teach the time.
        if self.services.dynamo != nil || self.services.redis != nil { all.append(await self.clockDiagnosis()) }
        return all
    }

    /// Round trips of one question, one after the other.
    static func measured<Failure: Error>(_ question: () async throws(Failure) -> Void) async throws(Failure) -> [Duration] {
        var times: [Duration] = []
        for _ in 0..<Self.samples {
            let start = ContinuousClock.now
            try await question()
            times.append(ContinuousClock.now - start)
        }
        return times
    }

    private func clockDiagnosis() async -> Diagnosis {
        let learned = self.services.dynamo == nil ? nil : self.services.clock.learnedCorrection
        return .clock(correction: learned, redis: await self.redisOffset())
    }
}

extension Diagnosis {
    /// Which credentials there are.
    package static func credentials(_ report: CredentialReport) -> Diagnosis {
        for entry in report.entries {
            switch entry.outcome {
            case .used(let summary):
                let kind = summary.isTemporary ? "temporary keys" : "keys that do not end"
                return Diagnosis(.credentials, .pass, "\(entry.source): \(kind)")
            case .failed(let sentence):
                return Diagnosis(
                    .credentials, .failure, "\(entry.source): \(sentence)",
                    fix: "bedrock-sessions doctor --credentials says what each source has")
            case .absent, .notAsked: continue
            }
        }
        return Diagnosis(
            .credentials, .failure, "no source has AWS credentials",
            fix: "bedrock-sessions doctor --credentials says what each source lacks")
    }

    /// Where the table is.
    package static func region(_ resolved: Result<(region: String, endpoint: String), AWSError>, found: String?) -> Diagnosis {
        switch resolved {
        case .success(let place): Diagnosis(.region, .pass, "\(place.region), at \(place.endpoint)")
        case .failure(let error):
            if let found {
                Diagnosis(.region, .pass, "\(found), as this EC2 instance says")
            } else {
                Diagnosis(.region, .failure, error.message, fix: "export AWS_REGION=eu-central-1, or wherever the table is")
            }
        }
    }
}
