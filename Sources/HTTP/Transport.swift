import CCurl
import EventLoop

/// libcurl's multi handle on the loop: its transfers, sockets and timer. Loop only.
///
/// Calls run on easy handles that are kept and lent; so are the connections, by libcurl's own pool. It lives until `close`, or the loop's shutdown.
@safe
final class Transport {
    let loop: UVLoop
    private let options: HTTPOptions
    private var multi: UnsafeMutableRawPointer?
    private var admission: Admission
    private var lastID: UInt64 = 0
    private var queued: [UInt64: Ticket] = [:]
    private var transfers: [Transfer] = []
    private var idle: [Transfer] = []
    private var hook: ShutdownHook?
    private var isClosed = false
    /// The method of which no call is sent any more.
    private var endedMethod: String?
    /// The last call did not come to connect: its host may have moved, so that what is known of names is not used until another one has connected.
    private var asksForNames = false

    // Transport+Sockets
    var sockets: [Int32: WatchedSocket] = [:]
    // Transport+Timer
    var timer: LoopTimer?
    var timerFiresAt: Duration?
    var curlDeadline: Duration?
    var willKick = false

    init(loop: UVLoop, options: HTTPOptions) {
        self.loop = loop
        self.options = options
        self.admission = Admission(capacity: options.maxConnections, queueLimit: options.maxQueued)
    }

    /// Which addresses are not connected to.
    var addressRule: AddressRule? { self.options.addresses }

    var earliestQueueDeadline: Duration? { self.admission.earliestDeadline }

    func start(_ ticket: Ticket, _ waiter: Ticket.Waiter, within time: Duration) {
        guard unsafe ticket.wait(waiter) else { return }
        if let error = self.open() { return ticket.finish(.failure(error)) }
        guard time > .zero else { return ticket.finish(.failure(.timedOut(sent: false))) }
        guard ticket.call.method != self.endedMethod else { return ticket.finish(.failure(.cancelled(sent: false))) }
        self.lastID += 1
        ticket.id = self.lastID
        ticket.deadline = self.loop.now + time
        switch self.admission.arrived(id: ticket.id, deadline: ticket.deadline) {
        case .start:
            if !self.run(ticket) { self.startNext() }
        case .wait:
            self.queued[ticket.id] = ticket
            self.armTimer()
        case .refuse:
            ticket.finish(.failure(.overloaded()))
        }
    }

    /// The caller is gone: its transfer ends, and with it the connection, on which an answer may still come.
    func cancel(_ ticket: Ticket) {
        if let transfer = ticket.transfer {
            let sent = transfer.wasSent
            self.release(transfer)
            ticket.finish(.failure(.cancelled(sent: sent)))
            self.startNext()
            return
        }
        if self.admission.left(id: ticket.id) { self.queued[ticket.id] = nil }
        ticket.finish(.failure(.cancelled(sent: false)))
    }

    func endCalls(of method: String) {
        self.endedMethod = method
        let tickets = Array(self.queued.values) + self.transfers.compactMap(\.ticket)
        for ticket in tickets where ticket.call.method == method { self.cancel(ticket) }
    }

    /// Fails what runs and waits, closes all connections. Safe to call again.
    func close() {
        guard !self.isClosed else { return }
        self.isClosed = true
        self.hook?.cancel()
        self.hook = nil
        let waiting = self.queued.values.sorted { $0.id < $1.id }
        self.queued = [:]
        for ticket in waiting { ticket.finish(.failure(.closed(sent: false))) }
        for transfer in self.transfers {
            guard let ticket = transfer.ticket else { continue }
            let sent = transfer.wasSent
            self.remove(transfer)
            ticket.finish(.failure(.closed(sent: sent)))
        }
        for transfer in self.transfers { transfer.close() }
        self.transfers = []
        self.idle = []
        // All easy handles are removed and freed ("curl_multi_cleanup ... should be called when all transfers are done"); it closes the connections.
        if let multi = unsafe self.multi { unsafe curl_multi_cleanup(multi) }
        unsafe self.multi = nil
        self.closeSockets()
        self.timer?.close()
        self.timer = nil
    }

    /// Runs libcurl for a socket or its timer, then hands out what that completed. Never called from one of libcurl's callbacks.
    func act(on socket: Int32, _ events: Int32) {
        guard let multi = unsafe self.multi else { return }
        var running: Int32 = 0
        _ = unsafe curl_multi_socket_action(multi, socket, events, &running)
        self.collect()
    }

    /// Waiting calls whose time is over.
    func expireQueue() {
        for id in self.admission.deadlineReached(now: self.loop.now) {
            self.queued.removeValue(forKey: id)?.finish(.failure(.timedOut(sent: false)))
        }
    }

    // MARK: - Transfers

    /// False if the call ended without a transfer.
    private func run(_ ticket: Ticket) -> Bool {
        guard let multi = unsafe self.multi, let transfer = self.transfer(for: ticket.call) else {
            ticket.finish(.failure(.system("libcurl gives no further handle")))
            return false
        }
        transfer.bind(ticket)
        let error = transfer.prepare(ticket.call, timeout: ticket.deadline - self.loop.now, asksForNames: self.asksForNames)
        guard error == nil, unsafe curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            transfer.reset()
            self.idle.append(transfer)
            ticket.finish(.failure(error ?? .system("libcurl does not take the transfer")))
            return false
        }
        return true
    }

    /// A handle that the last call of the same method has left, with all that the next one finds as it was. GET and POST of Lambda's runtime API, in turns,
    /// would undo each other's work on one handle; so a second one is made before that.
    private func transfer(for call: HTTPCall) -> Transfer? {
        if let index = self.idle.lastIndex(where: { $0.method == call.method }) { return self.idle.remove(at: index) }
        if self.transfers.count < 2, let transfer = self.makeTransfer() { return transfer }
        return self.idle.popLast() ?? self.makeTransfer()
    }

    /// A place is free: the next call that can be started takes it.
    private func startNext() {
        while let id = self.admission.finished() {
            guard let ticket = self.queued.removeValue(forKey: id) else { continue }
            if self.run(ticket) { return }
        }
    }

    private func collect() {
        while let multi = unsafe self.multi {
            var left: Int32 = 0
            guard let message = unsafe curl_multi_info_read(multi, &left) else { return }
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            // The message does not survive the removal of its handle (curl_multi_info_read).
            let code = unsafe CurlCode(message.pointee.data.result)
            var owner: UnsafeMutableRawPointer?
            _ = unsafe shim_easy_getinfo_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &owner)
            guard let transfer = unsafe Transfer.recover(owner), let ticket = transfer.ticket else { continue }
            let result = transfer.result(code)
            self.asksForNames = transfer.starts == 0 && code != .ok
            self.release(transfer)
            ticket.finish(result)
            self.startNext()
        }
    }

    private func release(_ transfer: Transfer) {
        self.remove(transfer)
        self.idle.append(transfer)
    }

    private func remove(_ transfer: Transfer) {
        if let multi = unsafe self.multi { _ = unsafe curl_multi_remove_handle(multi, transfer.easy) }
        transfer.reset()
    }

    private func makeTransfer() -> Transfer? {
        let limits = Transfer.Limits(answerBytes: self.options.maxAnswerBytes, headerBytes: self.options.maxHeaderBytes)
        guard let transfer = Transfer(limits) else { return nil }
        guard transfer.configure(self.options, transport: self) else {
            transfer.close()
            return nil
        }
        self.transfers.append(transfer)
        return transfer
    }

    // MARK: - Opening

    /// Sets libcurl up before the first call.
    private func open() -> HTTPError? {
        if self.isClosed { return .closed(sent: false) }
        if unsafe self.multi != nil { return nil }
        guard CurlLibrary.isReady, let multi = unsafe curl_multi_init() else { return .system("libcurl cannot be initialised") }
        unsafe self.multi = multi
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe shim_multi_setopt_socket(multi, Transport.socketChanged)
        _ = unsafe shim_multi_setopt_pointer(multi, CURLMOPT_SOCKETDATA, me)
        _ = unsafe shim_multi_setopt_timer(multi, Transport.timerChanged)
        _ = unsafe shim_multi_setopt_pointer(multi, CURLMOPT_TIMERDATA, me)
        _ = unsafe shim_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, self.options.maxConnections)
        self.timer = LoopTimer(self.loop) { [self] in self.timerFired() }
        // Runs at once, and closes, when the loop is shutting down.
        self.hook = self.loop.onShutdown { [self] in self.close() }
        return self.isClosed ? .closed(sent: false) : nil
    }
}
