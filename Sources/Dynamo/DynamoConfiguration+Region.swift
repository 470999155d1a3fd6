public import AWS
public import EventLoop

extension DynamoConfiguration {
    /// This configuration with the region to work in: its own, that of `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile, or, where none of them names one, that
    /// of the EC2 instance that the process runs on.
    ///
    /// A `DynamoStore` looks at the first four by itself; the last one has to be asked for over the network. A machine that is no instance waits for a second
    /// at most, and not at all with `AWS_EC2_METADATA_DISABLED=true`. Without any region the result has none, and creating the store says what to set.
    public func located(loop: UVLoop, environment: Environment = .process) async -> DynamoConfiguration {
        var configuration = self
        configuration.region = await AWSRegion.find(explicit: self.region, environment: environment, loop: loop)
        return configuration
    }
}
