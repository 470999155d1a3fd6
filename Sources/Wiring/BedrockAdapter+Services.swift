package import Adapter
package import Logging
package import Settings

extension BedrockAdapter {
    /// The adapter on these services.
    package init(_ services: SessionServices, settings: Settings, logger: Logger) {
        var configuration = AdapterConfiguration()
        configuration.userAttribute = settings.userAttribute
        self.init(store: services.store, configuration: configuration, clock: services.clock, logger: logger)
    }
}
