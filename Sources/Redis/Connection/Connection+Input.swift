internal import EventLoop

extension Connection {
    /// Most reads in a row, of a reply larger than the buffer, before other descriptors have their turn.
    private static let readsPerTurn = 16
    /// How the alert begins that a TLS server answers plain bytes with (RFC 8446, section 5.1). A RESP reply begins with a printable character.
    private static let tlsAlert: [UInt8] = [21, 3]

    func readable(_ link: Link) {
        var room = link.share.bytes(owed: self.inFlight.count)
        for _ in 0..<Self.readsPerTurn {
            let buffer = unsafe UnsafeMutableRawBufferPointer(rebasing: self.inputBuffer.bytes[..<room])
            switch unsafe link.transport.receive(into: buffer) {
            case .bytes(let count):
                link.lastArrival = self.loop.now
                let owed = self.inFlight.count
                if !link.isGreeted, count >= 2, unsafe buffer.starts(with: Self.tlsAlert) { return self.lose(.tlsServer) }
                if let error = unsafe self.received(UnsafeRawBufferPointer(rebasing: buffer[..<count]), from: link) {
                    return self.lose(error)
                }
                link.share.arrived(bytes: count, replies: owed - self.inFlight.count)
                // Once replies came the rest is for the next turn (`ReadShare`).
                self.windDown()
                guard self.link === link, count == room, self.inFlight.count == owed else { return }
                // A reply that is larger than its share.
                room = ReadShare.most
            case .wouldBlock: return
            case .ended: return self.lose(.lost(underlying: "closed by the server"))
            case .failed(let text): return self.lose(.lost(underlying: text))
            case .broken(let error): return self.lose(error)
            }
        }
    }

    /// Gives the bytes to the parser and the replies to their callers. Returns why the link cannot go on.
    private func received(_ bytes: UnsafeRawBufferPointer, from link: Link) -> RedisError? {
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            let slice = unsafe UnsafeRawBufferPointer(rebasing: rest.prefix(ReplyDecoder.sliceBytes))
            unsafe rest = rest.dropFirst(slice.count)
            if let error = unsafe link.decoder.feed(slice) { return error }
            if let error = unsafe self.deliverReplies(of: link, in: slice) { return error }
        }
        return nil
    }

    private func deliverReplies(of link: Link, in slice: UnsafeRawBufferPointer) -> RedisError? {
        while true {
            switch unsafe link.decoder.next(in: slice) {
            case .needsMore: return nil
            case .failed(let error): return error
            case .reply(let reply):
                if !link.isGreeted {
                    if let error = self.greeted(link, reply) { return error }
                } else if let onMessage = self.onMessage, reply.isMessage {
                    onMessage(reply)
                } else if let entry = self.inFlight.popFirst() {
                    if !link.isProven { self.prove(link) }
                    if case .error(let error) = reply {
                        self.refuse(entry, error)
                    } else {
                        entry.caller?.resume(.reply(reply, epoch: link.epoch))
                    }
                } else {
                    return .unsolicited
                }
            }
        }
    }

    private func refuse(_ entry: CommandQueue<Caller>.Entry, _ error: RedisServerError) {
        entry.caller?.resume(.setback(self.setback(.refused(error, by: self.address), deadline: entry.deadline)))
    }

    private func prove(_ link: Link) {
        link.isProven = true
        self.machine.replyReceived()
    }

    private func greeted(_ link: Link, _ reply: RedisReply) -> RedisError? {
        guard let outcome = link.handshake?.replyReceived(reply), let handshake = link.handshake else { return nil }
        switch outcome {
        case .waits: return nil
        case .failed(let error): return error
        case .succeeded:
            link.identity = handshake.identity
            link.epoch = handshake.identity.epoch
            link.handshake = nil
            self.attemptSucceeded(link, handshake)
            return nil
        }
    }
}
