package import Adapter
package import Logging
package import Sealing
import SessionStore
package import Settings

extension BedrockAdapter {
    /// The adapter on these services.
    package init(_ services: SessionServices, settings: Settings, logger: Logger) {
        self.init(
            store: services.store, router: ActionRouter(schema: services.actions.schema), upstream: services.actions.upstream,
            configuration: AdapterConfiguration(settings), clock: services.clock, names: settings.logDigest.map(LogNames.init),
            logger: logger)
    }
}

extension LogNames {
    /// The names that `doctor --session` prints for comparison.
    package init(_ digest: LogDigest) {
        self.init(session: { digest.digest(session: $0.rawValue) }, user: { digest.digest(user: $0.rawValue) })
    }
}

extension AdapterConfiguration {
    /// As the settings have it.
    package init(_ settings: Settings) {
        self.init()
        self.userAttribute = settings.userAttribute
        self.remembered = settings.remembering.fields
        self.walletChange = settings.remembering.allowsWalletChanges ? .allow : .confirm
        self.confirmedActions = settings.remembering.confirmedActions
        self.acceptsDirectEvents = settings.remembering.acceptsDirectEvents
        switch settings.actions.largeAnswers {
        case .cut: self.largeAnswers = .cut
        case .refuse: self.largeAnswers = .refuse
        }
    }
}
