/// The signing key of one day, region, service and secret (AWS, "Create a signed AWS API request", step 3), and what it was made for.
struct SigningKey {
    private let day: [UInt8]
    private let credentials: AWSCredentials
    /// 32 bytes.
    let bytes: [UInt8]

    /// Four HMACs, each keyed by the one before.
    init(
        day: ArraySlice<UInt8>, region: String, service: String, credentials: AWSCredentials, mac: borrowing MACContext
    ) throws(AWSError) {
        var key = Array("AWS4".utf8) + Array(credentials.secretAccessKey.utf8)
        var result = [UInt8](repeating: 0, count: DigestContext.length)
        for part in [Array(day), Array(region.utf8), Array(service.utf8), Array("aws4_request".utf8)] {
            try mac.setKey(key)
            try mac.authenticate(part, into: &result)
            key = result
        }
        self.day = Array(day)
        self.credentials = credentials
        self.bytes = key
    }

    /// Whether the key would come out the same. (Region and service are fixed for a signer.)
    func isFor(day: ArraySlice<UInt8>, credentials: AWSCredentials) -> Bool {
        self.day[...] == day && self.credentials.accessKeyID == credentials.accessKeyID
            && self.credentials.secretAccessKey == credentials.secretAccessKey
    }
}
