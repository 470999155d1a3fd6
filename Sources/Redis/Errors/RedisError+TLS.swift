internal import COpenSSL

extension RedisError {
    /// The connection ended without TLS's word about it: somebody between may have cut it.
    static let truncated = RedisError(
        .connectionLost, "The connection to Redis ended before the reply; send the command again if repeating it is safe.",
        underlying: "cut off without TLS's close_notify")

    static let closedInTLSHandshake = RedisError(
        .tls, "The server ended the connection in the middle of the TLS handshake; check that this port speaks TLS, or write redis://.")

    static let tlsDeadline = RedisError(
        .unavailable,
        "The TLS handshake with Redis did not end within connectTimeout; check that this port speaks TLS (write redis:// if not), and the firewall."
    )

    /// Plain commands were answered in TLS.
    static let tlsServer = RedisError(
        .tls, "What answers at this port speaks TLS; write rediss:// in place of redis:// in the Redis URL.")

    /// OpenSSL refuses what every OpenSSL does.
    static func noTLS() -> RedisError {
        let text = TLSErrors.text()
        TLSErrors.clear()
        return RedisError(.tls, "OpenSSL could not prepare a TLS connection; check its installation and configuration.", underlying: text)
    }

    /// Why the server's certificate was not accepted.
    ///
    /// - Parameter code: `X509_V_ERR_...`, see X509_STORE_CTX_get_error(3).
    static func certificateRefused(_ code: CInt) -> RedisError {
        let message =
            switch code {
            case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
                "The certificate of Redis is for another host than the URL names; connect by a name that the certificate has, or say which in name=."
            case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
                "The certificate of Redis, or of its authority, is past its time or not valid yet; renew it, or correct this machine's clock."
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                X509_V_ERR_CERT_UNTRUSTED, X509_V_ERR_INVALID_CA, X509_V_ERR_CERT_SIGNATURE_FAILURE:
                "The certificate of Redis is not from an authority that is trusted here; if it is the right server, give the authority's PEM file."
            default: "The certificate of Redis cannot be accepted; replace it, or correct what this machine trusts."
            }
        // A constant text of OpenSSL.
        let text = unsafe X509_verify_cert_error_string(Int(code)).map { unsafe String(cString: $0) }
        return RedisError(.tls, message, underlying: text)
    }

    /// What went wrong in TLS otherwise.
    ///
    /// - Parameter reason: `SSL_R_...`; those of an alert are 1000 and the number of the alert (SSL_get_error(3)).
    static func tls(reason: CInt, text: String?) -> RedisError {
        let message =
            switch reason {
            case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_RECORD_LENGTH_MISMATCH:
                "What answers at this port does not speak TLS; give the TLS port of Redis, or write redis:// in place of rediss://."
            case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
                "Redis asks for a client certificate; give one and its key (cert and key in the URL)."
            case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
                SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_TLSV1_ALERT_UNKNOWN_CA,
                SSL_R_TLSV1_ALERT_ACCESS_DENIED:
                "Redis refused the client certificate; give one from an authority that the server trusts, and that has not expired."
            case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
                "Redis refused the TLS handshake: it asks for a client certificate (cert and key in the URL), or shares no cipher with this machine."
            case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_UNSUPPORTED_PROTOCOL:
                "Redis offers no version of TLS that is spoken here; turn on TLS 1.2 or 1.3 there."
            default: "TLS with Redis failed; check what is between here and the server, and the TLS settings of both."
            }
        return RedisError(.tls, message, underlying: text)
    }
}
