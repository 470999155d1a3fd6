package import EventLoop

extension AWSRegion {
    /// The configured region, or that of the EC2 instance that this process runs on. Nil where nobody knows one, and where the configuration has to be
    /// corrected first: `resolve` says what.
    ///
    /// The instance is asked only if no setting names a region and its metadata are not switched off (`AWS_EC2_METADATA_DISABLED`). A machine that is no
    /// instance waits for a second at most (`AWS_METADATA_SERVICE_TIMEOUT`).
    package static func find(explicit: String?, environment: Environment, loop: UVLoop) async -> String? {
        if let region = self.configured(explicit: explicit, environment: environment) { return region }
        // A file that cannot be read may name a region.
        guard let files = try? ProfileFiles(environment: environment) else { return nil }
        if let region = files["region"] { return region }
        guard (try? files.checkProfileExists()) != nil else { return nil }
        return await self.ofInstance(environment, files, loop)
    }

    /// Source: EC2 User Guide, "Instance metadata categories", `placement/region`.
    private static func ofInstance(_ environment: Environment, _ files: ProfileFiles, _ loop: UVLoop) async -> String? {
        let context = CredentialContext(environment: environment, loop: loop, clock: .system)
        var region: String?
        // Who is silent or refuses knows no region; an address that cannot be used is complained about by those who need credentials from it.
        if let metadata = try? InstanceMetadata(context, files: files), let token = try? await metadata.token(),
            let body = try? await metadata.value("placement/region", token: token)
        {
            region = String(Text.trimmed(String(decoding: body, as: UTF8.self)[...]))
        }
        await context.close()
        return region.flatMap { self.isValid($0) ? $0 : nil }
    }
}
