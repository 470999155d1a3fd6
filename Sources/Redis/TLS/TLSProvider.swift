/// Makes the TLS side of a client's connections, and remembers what their servers offered for the next one. Loop only.
final class TLSProvider {
    private let settings: RedisTLS
    private var context: TLSContext?
    private var sessions: [String: TLSSession] = [:]

    /// Nothing is read before the first connection.
    init(_ settings: RedisTLS) {
        self.settings = settings
    }

    /// A connection to this server. Throws `.invalidConfiguration` for files that cannot be used.
    func channel(host: String, port: Int) throws(RedisError) -> TLSChannel {
        let context = try self.currentContext()
        let server = "\(host):\(port)"
        let session = self.sessions[server]
        if session?.isForOneUse == true { self.sessions[server] = nil }
        let channel = try TLSChannel(context, serverName: self.settings.serverName ?? host, session: session)
        channel.buffers.onSession = { session in self.sessions[server] = session }
        return channel
    }

    private func currentContext() throws(RedisError) -> TLSContext {
        if let context { return context }
        let context = try TLSContext(self.settings)
        self.context = context
        return context
    }

    /// A connection was refused by either side's certificate: the files are read again for the next one, for somebody may replace them, and
    /// no session is resumed.
    func forget() {
        self.context = nil
        self.sessions = [:]
    }
}
