import Glibc
import Redis
import Settings

/// Whether entries may lie open in a Redis: only on this machine, behind TLS, or where somebody has said so. What is read there decides where money goes.
package enum SealPolicy {
    /// What to correct; nil: nothing.
    static func problem(_ redis: RedisConfiguration, _ seal: SealSetting) -> String? {
        switch seal {
        case .keys, .none: return nil
        case .unset:
            if redis.tls != nil || self.isLoopback(redis.host) { return nil }
            return """
                \(SettingKey.redisURL.rawValue): this Redis is not on this machine and the way there is not encrypted, so others could read and forge \
                what it holds; write rediss:// if it speaks TLS, or set \(SettingKey.sealKeys.rawValue) to a key (`bedrock-sessions seal-key` prints \
                one), or to none to accept that
                """
        }
    }

    /// Whether a host can only be this machine: the name `localhost`, an address of 127.0.0.0/8, or ::1. A name is not looked up: what it leads
    /// to may be another host tomorrow.
    package static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        var v4 = in_addr()
        if inet_pton(AF_INET, host, &v4) == 1 { return self.isLoopback(UInt32(bigEndian: v4.s_addr)) }
        var v6 = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, host, &v6) == 1 else { return false }
        if v6 == [UInt8](repeating: 0, count: 15) + [1] { return true }
        // ::ffff:127.0.0.0/104 is the same, written as IPv6.
        return v6.prefix(12) == [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] && v6[12] == 127
    }

    private static func isLoopback(_ address: UInt32) -> Bool { address >> 24 == 127 }
}
