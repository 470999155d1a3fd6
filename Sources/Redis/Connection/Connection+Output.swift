internal import EventLoop

extension Connection {
    /// Writes what this turn's commands amount to, in one write if the socket takes it.
    func flush() {
        self.flushScheduled = false
        guard let link = self.link, !link.writeBlocked else { return }
        while !self.output.isEmpty {
            var result = TransferResult.wouldBlock
            unsafe self.output.drain { bytes in
                result = unsafe link.transport.send(bytes)
                guard case .bytes(let count) = result else { return 0 }
                return count
            }
            switch result {
            case .bytes(let count): link.sentBytes &+= UInt64(count)
            case .wouldBlock:
                link.writeBlocked = true
                link.transport.watch([.readable, .writable])
                return
            case .ended, .failed, .broken: return self.writeFailed(link, result)
            }
        }
    }

    /// The socket takes bytes again.
    func writable(_ link: Link) {
        guard link.writeBlocked else { return }
        link.writeBlocked = false
        link.transport.watch([.readable])
        self.flush()
    }

    private func writeFailed(_ link: Link, _ result: TransferResult) {
        // The peer may have answered before it closed, with the reason for instance: read that first.
        self.readable(link)
        guard self.link === link else { return }
        switch result {
        case .failed(let text): self.lose(.lost(underlying: text))
        case .broken(let error): self.lose(error)
        case .ended, .bytes, .wouldBlock: self.lose(.lost(underlying: "closed by the server"))
        }
    }
}
