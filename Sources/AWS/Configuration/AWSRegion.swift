/// The region to work in.
package enum AWSRegion {
    /// The explicit one, `AWS_REGION`, `AWS_DEFAULT_REGION`, or the profile's. Throws when there is none or it cannot be part of a host name.
    package static func resolve(explicit: String?, environment: Environment, files: ProfileFiles?) throws(AWSError) -> String {
        guard let region = self.configured(explicit: explicit, environment: environment) ?? files?["region"] else {
            // A profile that does not exist has no region either, and is what has to be corrected.
            try files?.checkProfileExists()
            throw AWSError(.configuration, "No AWS region: set AWS_REGION (for example eu-central-1), or region in the AWS profile.")
        }
        guard self.isValid(region) else {
            throw AWSError(.configuration, "The AWS region may only hold small letters, digits and hyphens: correct AWS_REGION.")
        }
        return region
    }

    /// The explicit one, or that of the variables.
    static func configured(explicit: String?, environment: Environment) -> String? {
        explicit ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
    }

    static func isValid(_ region: String) -> Bool {
        let bytes = Array(region.utf8)
        guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-") else { return false }
        return bytes.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
    }
}
