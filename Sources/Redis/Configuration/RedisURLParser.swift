/// Takes a Redis URL apart, on bytes.
struct RedisURLParser {
    private var rest: ArraySlice<UInt8>

    init(_ url: String) {
        self.rest = ArraySlice(url.utf8)
    }

    mutating func configuration() throws(RedisError) -> RedisConfiguration {
        guard !self.rest.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw Self.invalid("Remove spaces and line ends from the Redis URL.")
        }
        let isEncrypted = try self.takeScheme()
        guard !self.rest.contains(UInt8(ascii: "#")) else {
            throw Self.invalid("The Redis URL takes no # part; percent-encode this character in a password as %23.")
        }
        let mark = self.rest.firstIndex(of: UInt8(ascii: "?")) ?? self.rest.endIndex
        var query = try RedisURLQuery(self.rest[mark...].dropFirst())
        self.rest = self.rest[..<mark]
        let slash = self.rest.firstIndex(of: UInt8(ascii: "/")) ?? self.rest.endIndex
        let authority = self.rest[..<slash]
        let database = try Self.database(from: self.rest[slash...].dropFirst())

        // The last @: a password pasted without encoding may hold others.
        let at = authority.lastIndex(of: UInt8(ascii: "@"))
        let credentials = try at.map { at throws(RedisError) in try Self.credentials(from: authority[..<at]) } ?? nil
        let (host, port) = try Self.address(from: at.map { authority[($0 + 1)...] } ?? authority)
        var configuration = RedisConfiguration(host: host, port: port, credentials: credentials, database: database)
        let tls = RedisTLS(
            authorityFile: try query.take("ca"), certificateFile: try query.take("cert"), keyFile: try query.take("key"),
            serverName: try query.take("name"))
        configuration.iam = try Self.iam(&query)
        try query.end(allowed: "ca, cert, key, name, iam, serverless and region")
        guard isEncrypted || tls == RedisTLS() else {
            throw Self.invalid("Files and a name for TLS are for rediss://; write that, or leave them away.")
        }
        if isEncrypted { configuration.tls = tls }
        return configuration
    }

    private static func iam(_ query: inout RedisURLQuery) throws(RedisError) -> RedisIAM? {
        let (identity, isServerless) = (try query.take("iam"), try query.takeFlag("serverless"))
        let region = try query.take("region")
        guard var identity else {
            guard isServerless == nil, region == nil else {
                throw self.invalid("In the Redis URL serverless and region belong to iam=user@cache-name; add that, or leave them away.")
            }
            return nil
        }
        if identity.hasPrefix("iam://") { identity.removeFirst(6) }
        return try RedisIAM(userAtCache: ArraySlice(identity.utf8), isServerless: isServerless ?? false, region: region)
    }

    /// Whether it is the scheme with TLS.
    private mutating func takeScheme() throws(RedisError) -> Bool {
        guard let colon = self.rest.firstIndex(of: UInt8(ascii: ":")), self.rest[colon...].starts(with: "://".utf8) else {
            throw Self.invalid("Write the Redis URL as redis://user:password@host:port/db.")
        }
        let scheme = String(decoding: self.rest[..<colon], as: UTF8.self).lowercased()
        switch scheme {
        case "redis", "rediss":
            self.rest = self.rest[(colon + 3)...]
            return scheme == "rediss"
        case "iam":
            throw Self.invalid("iam:// says who connects, not where to: write rediss://host:6379?iam=user@cache-name.")
        default: throw Self.invalid("The Redis URL must begin with redis:// or, with TLS, rediss://.")
        }
    }

    private static func credentials(from part: ArraySlice<UInt8>) throws(RedisError) -> RedisCredentials? {
        guard !part.isEmpty else { return nil }
        guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else {
            throw self.invalid("The Redis URL names a user without a password; write user:password@ or, for a password alone, :password@.")
        }
        let user = try self.percentDecoded(part[..<colon])
        let password = try self.percentDecoded(part[(colon + 1)...])
        if user.isEmpty && password.isEmpty { return nil }
        guard !password.isEmpty else {
            throw self.invalid("The password in the Redis URL is empty; write user:password@ or leave both away.")
        }
        return RedisCredentials(user: user.isEmpty ? nil : user, password: password)
    }

    private static func address(from part: ArraySlice<UInt8>) throws(RedisError) -> (host: String, port: Int) {
        var host = part
        var port: ArraySlice<UInt8>?
        if part.first == UInt8(ascii: "[") {
            guard let end = part.firstIndex(of: UInt8(ascii: "]")) else {
                throw self.invalid("Close the bracket around the IPv6 address in the Redis URL.")
            }
            host = part[(part.startIndex + 1)..<end]
            let tail = part[(end + 1)...]
            guard tail.isEmpty || tail.first == UInt8(ascii: ":") else {
                throw self.invalid("After the IPv6 address write :port or nothing.")
            }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = part.firstIndex(of: UInt8(ascii: ":")) {
            guard !part[(colon + 1)...].contains(UInt8(ascii: ":")) else {
                throw self.invalid("Write an IPv6 address in the Redis URL in brackets, as in redis://[::1]:6379.")
            }
            host = part[..<colon]
            port = part[(colon + 1)...]
        }
        guard !host.isEmpty else { throw self.invalid("The Redis URL names no host.") }
        let hostText = String(decoding: try self.percentDecoded(host), as: UTF8.self)
        guard let port, !port.isEmpty else { return (hostText, RedisConfiguration.defaultPort) }
        guard let number = self.number(port), (1...65535).contains(number) else {
            throw self.invalid("The port in the Redis URL must be a number from 1 to 65535; percent-encode / in a password as %2F.")
        }
        return (hostText, number)
    }

    private static func database(from part: ArraySlice<UInt8>) throws(RedisError) -> Int {
        if part.isEmpty { return 0 }
        guard let number = self.number(part) else {
            throw self.invalid("The database in the Redis URL must be a number, as in redis://host:6379/0.")
        }
        return number
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    static func percentDecoded(_ bytes: ArraySlice<UInt8>) throws(RedisError) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "%") else {
                decoded.append(bytes[index])
                index += 1
                continue
            }
            guard bytes.endIndex - index > 2, let high = self.hexadecimal(bytes[index + 1]), let low = self.hexadecimal(bytes[index + 2])
            else {
                throw self.invalid("A % in the Redis URL must be followed by two hexadecimal digits; write a plain % as %25.")
            }
            decoded.append(high << 4 | low)
            index += 3
        }
        return decoded
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func invalid(_ message: String) -> RedisError {
        RedisError(.invalidConfiguration, message)
    }
}
