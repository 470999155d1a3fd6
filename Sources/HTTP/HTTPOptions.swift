/// The limits and the trust of an HTTP client.
package struct HTTPOptions: Sendable {
    /// Transfers at one time; as many connections are kept open at most.
    package var maxConnections = 64
    /// Calls that may wait for a connection; the next one is `.overloaded`.
    package var maxQueued = 4096
    /// How long a connect may take, name resolution and TLS handshake included.
    package var connectTimeout: Duration = .seconds(3)
    /// Bytes of a body; a larger answer is `.tooLarge`. DynamoDB's largest is 16 MB (BatchGetItem).
    package var maxAnswerBytes = 17 * 1024 * 1024
    /// Bytes of an answer's header fields together.
    package var maxHeaderBytes = 64 * 1024
    /// A kept connection that was idle for longer is not used again.
    package var maxIdle: Duration = .seconds(50)
    /// A connection that was opened longer ago is not used again: load moves to servers that joined, and a name's new address is found.
    package var maxAge: Duration = .seconds(300)
    /// How long an address that a name was resolved to is used for further connections.
    package var nameLife: Duration = .seconds(60)
    /// The proxies to go through.
    package var proxies = HTTPProxies()
    /// Which addresses are not connected to; nil: any is. A proxy is an address like others, and looks its own way to the host: use none with it.
    package var addresses: AddressRule?
    /// A PEM file of certificate authorities in place of the system's (`AWS_CA_BUNDLE`).
    package var caBundle: String?

    /// The defaults.
    package init() {}
}
