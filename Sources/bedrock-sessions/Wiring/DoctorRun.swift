import AWS
import Dynamo
import EmbeddedStore
import EventLoop
import Logging
import Operations
import SessionStore
import Settings
import Wiring

/// Opens what settings name, as far as that goes, and has it looked at.
struct DoctorRun {
    let settings: Settings
    private let logger = Logger(label: "bedrock-sessions.doctor")
    private static let patience = Duration.milliseconds(250)

    init(settings: Settings) {
        self.settings = settings
    }

    /// Every check, in their order. Throws when no event loop can be started.
    func diagnoses() async throws(CommandFailure) -> [Diagnosis] {
        let loop = try StoreOpener.loop()
        let found = await Task(executorPreference: loop) { await self.diagnoses(loop) }.value
        await loop.shutdown()
        return Check.allCases.flatMap { check in found.filter { $0.check == check } }
    }

    private func diagnoses(_ loop: UVLoop) async -> [Diagnosis] {
        let environment = Environment(Variables.value)
        var front: [Diagnosis] = []
        if self.settings.store == .dynamodb {
            let chain = CredentialChain.standard(environment, loop: loop, clock: .system)
            front.append(.credentials(await chain.report()))
            await chain.close()
        }
        do throws(SettingsError) {
            let services = try await self.open(self.settings, loop, environment)
            front.append(Diagnosis(.configuration, .pass, "the settings can work together"))
            return await front + self.look(services, self.settings, environment, loop)
        } catch {
            front.append(
                Diagnosis(
                    .configuration, .failure, error.problems.joined(separator: "; "), fix: "correct the variables or options that are named"
                ))
        }
        return await self.inParts(front, loop, environment)
    }

    /// One tier's settings cannot work: the other is looked at all the same.
    private func inParts(_ front: [Diagnosis], _ loop: UVLoop, _ environment: Environment) async -> [Diagnosis] {
        var (all, alone, cacheOnly) = (front, self.settings, self.settings)
        alone.redisURL = nil
        if let services = try? await self.open(alone, loop, environment) {
            all += await self.look(services, alone, environment, loop)
        } else if self.settings.store == .dynamodb {
            all.append(self.region(environment, found: nil))
        }
        cacheOnly.store = .memory
        cacheOnly.table = self.settings.table ?? "sessions"
        if self.settings.redisURL != nil, let services = try? await self.open(cacheOnly, loop, environment) {
            all += await self.look(services, cacheOnly, environment, loop).filter { $0.check != .tableLatency && $0.check != .clock }
        }
        return all
    }

    private func open(_ settings: Settings, _ loop: UVLoop, _ environment: Environment) async throws(SettingsError) -> SessionServices {
        var embedded: EmbeddedStore?
        if case .sqlite(let path) = settings.store {
            do throws(SessionStoreError) {
                embedded = try EmbeddedStore(path: path, timeToLive: settings.timeToLive)
            } catch {
                throw SettingsError([error.message])
            }
        }
        return try await SessionServices.open(
            settings, loop: loop, environment: environment, logger: self.logger, embedded: embedded, cachePatience: Self.patience)
    }

    private func look(
        _ services: SessionServices, _ settings: Settings, _ environment: Environment, _ loop: UVLoop
    ) async -> [Diagnosis] {
        var all: [Diagnosis] = []
        let region = services.dynamo?.configuration.region
        if services.dynamo != nil { all.append(self.region(environment, found: region)) }
        let doctor = Operations.Doctor(services, settings: settings, region: region ?? environment["AWS_REGION"] ?? "REGION")
        all += await doctor.diagnoses()
        await services.close()
        return all
    }

    private func region(_ environment: Environment, found: String?) -> Diagnosis {
        do throws(AWSError) {
            let resolved = try AWSServiceConfiguration.resolve(service: "dynamodb", environment: environment)
            return .region(.success((resolved.region, resolved.endpoint.url)), found: found)
        } catch {
            return .region(.failure(error), found: found)
        }
    }
}
