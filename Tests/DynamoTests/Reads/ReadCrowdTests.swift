import SessionStore
import TestSupport
import Testing

@testable import Dynamo

@Suite("Reads in a crowd")
struct ReadCrowdTests {
    private typealias Crowd = ReadCrowd<String>

    private static let soon = Duration.seconds(100)

    private let keys: [SessionKey]

    init() throws {
        self.keys = try (0..<2000).map { .session(try SessionID("session-\($0)")) }
    }

    private func key(_ number: Int) -> SessionKey { self.keys[number] }

    /// Lets a read wait; answers with the requests to send.
    private func wait(_ crowd: inout Crowd, _ number: Int, _ name: String, now: Duration = Self.soon) -> [Crowd.Request]? {
        crowd.waits(for: self.key(number), UInt64(name.utf8.reduce(0) { $0 * 31 + Int($1) }), name, now: now)
    }

    @Test("a lone read never waits, and the one after it neither")
    func lone() {
        var crowd = Crowd()
        for id: UInt64 in 1...3 {
            #expect(crowd.arrived(now: Self.soon) == .leave(id))
            #expect(crowd.inFlight == 1)
            let (seats, requests) = crowd.ended(id, now: Self.soon)
            #expect(seats.isEmpty && requests.isEmpty)
        }
    }

    @Test("reads that find one in flight wait for its end, then leave together, each key once")
    func together() {
        var crowd = Crowd()
        #expect(crowd.arrived(now: Self.soon) == .leave(1))
        for (number, name) in [(1, "a"), (2, "b"), (1, "c"), (3, "d")] {
            #expect(crowd.arrived(now: Self.soon) == .wait)
            #expect(self.wait(&crowd, number, name) == [])
        }
        let (seats, requests) = crowd.ended(1, now: Self.soon)
        #expect(seats.isEmpty)
        #expect(requests == [Crowd.Request(id: 2, keys: [self.key(1), self.key(2), self.key(3)])])
        #expect(crowd.seats(of: 2)[self.key(1)]?.map(\.waiter) == ["a", "c"])
        // Asked after that request was sent: it is not answered by it.
        #expect(crowd.arrived(now: Self.soon) == .wait)
        #expect(self.wait(&crowd, 1, "e") == [])
        let (told, next) = crowd.ended(2, now: Self.soon)
        #expect(told.mapValues { $0.map(\.waiter) } == [self.key(1): ["a", "c"], self.key(2): ["b"], self.key(3): ["d"]])
        #expect(next == [Crowd.Request(id: 3, keys: [self.key(1)])])
        #expect(crowd.ended(3, now: Self.soon).seats[self.key(1)]?.map(\.waiter) == ["e"])
        #expect(crowd.arrived(now: Self.soon) == .leave(4))
    }

    @Test("a full batch leaves at once, until as many requests are in flight as may")
    func full() {
        var crowd = Crowd()
        _ = crowd.arrived(now: Self.soon)
        var requests: [Crowd.Request] = []
        for number in 0..<2000 { requests += self.wait(&crowd, number, "\(number)") ?? [] }
        #expect(requests.map(\.keys.count) == Array(repeating: 100, count: 15))
        #expect(crowd.inFlight == 16 && crowd.waiting == 500)
        var sent = requests.count
        while let request = requests.popLast() {
            let (_, next) = crowd.ended(request.id, now: Self.soon)
            requests += next
            sent += next.count
        }
        #expect(sent == 20 && crowd.waiting == 0)
    }

    @Test("what ended between the question and the wait is noticed: nobody waits for nothing")
    func race() {
        var crowd = Crowd()
        _ = crowd.arrived(now: Self.soon)
        #expect(crowd.arrived(now: Self.soon) == .wait)
        _ = crowd.ended(1, now: Self.soon)
        #expect(self.wait(&crowd, 1, "a") == [Crowd.Request(id: 2, keys: [self.key(1)])])
    }

    @Test("a request that takes long is not waited for by who comes later, and who waits already goes along")
    func slow() {
        var crowd = Crowd()
        _ = crowd.arrived(now: Self.soon)
        #expect(self.wait(&crowd, 1, "a") == [])
        let later = Self.soon + crowd.limits.patience
        #expect(crowd.arrived(now: later) == .wait, "it goes with the one that waits")
        #expect(self.wait(&crowd, 2, "b", now: later) == [Crowd.Request(id: 2, keys: [self.key(1), self.key(2)])])
        let muchLater = later + crowd.limits.patience
        #expect(crowd.arrived(now: muchLater) == .leave(3))
    }

    @Test("a cancelled read leaves its place; a key that nobody wants any more is not asked for")
    func left() {
        var crowd = Crowd()
        _ = crowd.arrived(now: Self.soon)
        _ = crowd.waits(for: self.key(1), 11, "a", now: Self.soon)
        _ = crowd.waits(for: self.key(2), 12, "b", now: Self.soon)
        _ = crowd.waits(for: self.key(2), 13, "c", now: Self.soon)
        #expect(crowd.left(self.key(1), 11) == "a")
        #expect(crowd.left(self.key(1), 11) == nil)
        #expect(crowd.left(self.key(2), 12) == "b")
        #expect(crowd.ended(1, now: Self.soon).requests == [Crowd.Request(id: 2, keys: [self.key(2)])])
        #expect(crowd.left(self.key(2), 13) == "c", "its request goes on")
        #expect(crowd.left(self.key(2), 99) == nil)
        #expect(crowd.ended(2, now: Self.soon).seats[self.key(2)]?.isEmpty == true)
    }

    @Test("beyond the places that there are, a read is refused")
    func crowded() {
        var limits = Crowd.Limits()
        limits.waiting = 2
        var crowd = Crowd(limits)
        _ = crowd.arrived(now: Self.soon)
        #expect(self.wait(&crowd, 1, "a") == [])
        #expect(self.wait(&crowd, 2, "b") == [])
        #expect(self.wait(&crowd, 3, "c") == nil)
        #expect(crowd.waiting == 2)
    }

    @Test("where batches are not allowed, all who wait leave one by one, those of the refused batch first")
    func separated() {
        var crowd = Crowd()
        _ = crowd.arrived(now: Self.soon)
        for number in 1...3 { _ = self.wait(&crowd, number, "\(number)") }
        _ = crowd.ended(1, now: Self.soon)
        _ = self.wait(&crowd, 4, "4")
        _ = self.wait(&crowd, 1, "5")
        let requests = crowd.separated(2, requests: 2, now: Self.soon)
        #expect(
            requests.map(\.keys) == [[self.key(2)], [self.key(3)]] || requests.allSatisfy { $0.keys.count == 1 } && requests.count == 2)
        var asked = requests.flatMap(\.keys)
        var running = requests
        while let request = running.popLast() {
            let (_, next) = crowd.ended(request.id, now: Self.soon)
            running += next
            asked += next.flatMap(\.keys)
        }
        #expect(asked.count == 4 && Set(asked) == Set((1...4).map { self.key($0) }))
        #expect(crowd.waiting == 0 && crowd.inFlight == 0)
    }

    /// Random reads, answers, cancellations and refusals; the model knows who was asked when.
    @Test("in any order of events: every read is answered once, by a request sent after it was asked", arguments: 0..<60 as Range<UInt64>)
    func schedules(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var limits = ReadCrowd<UInt64>.Limits()
        limits.keys = Int.random(in: 2...5, using: &random)
        limits.requests = Int.random(in: 1...4, using: &random)
        limits.unhurried = Int.random(in: 1...2, using: &random)
        var crowd = ReadCrowd<UInt64>(limits)
        var now = Duration.zero
        var time: UInt64 = 0
        var askedAt: [UInt64: UInt64] = [:]
        var keyOf: [UInt64: SessionKey] = [:]
        var waiting = Set<UInt64>()
        var running: [UInt64: (keys: [SessionKey], sentAt: UInt64)] = [:]
        var isSeparated = false

        func send(_ requests: [ReadCrowd<UInt64>.Request]) {
            for request in requests {
                #expect(request.keys.count <= (isSeparated ? 1 : limits.keys) && !request.keys.isEmpty, "seed \(seed)")
                #expect(Set(request.keys).count == request.keys.count, "seed \(seed)")
                running[request.id] = (request.keys, time)
            }
        }
        func end(_ id: UInt64) {
            guard let request = running.removeValue(forKey: id) else { return }
            let (seats, next) = crowd.ended(id, now: now)
            for (key, places) in seats {
                for seat in places {
                    #expect(waiting.remove(seat.waiter) != nil, "answered twice, seed \(seed)")
                    #expect(keyOf[seat.waiter] == key && request.keys.contains(key), "seed \(seed)")
                    #expect((askedAt[seat.waiter] ?? .max) < request.sentAt, "sent before it was asked, seed \(seed)")
                }
            }
            time += 1
            send(next)
        }

        for step in 0..<400 as Range<UInt64> {
            time += 1
            now += .milliseconds(Int.random(in: 0...9, using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let key = self.key(Int.random(in: 0..<12, using: &random))
                switch crowd.arrived(now: now) {
                case .leave(let id): running[id] = ([], time)
                case .wait:
                    #expect(crowd.inFlight > 0, "a read waits for nothing, seed \(seed)")
                    // Something may end between the two steps.
                    if Bool.random(using: &random), let id = running.keys.min() { end(id) }
                    (askedAt[step], keyOf[step]) = (time, key)
                    waiting.insert(step)
                    time += 1
                    send(crowd.waits(for: key, step, step, now: now) ?? [])
                }
            case 5..<8:
                if let id = running.keys.sorted().randomElement(using: &random) { end(id) }
            case 8:
                if let reader = waiting.sorted().randomElement(using: &random), let key = keyOf[reader] {
                    #expect(crowd.left(key, reader) == reader, "seed \(seed)")
                    waiting.remove(reader)
                }
            default:
                guard seed.isMultiple(of: 3), !isSeparated, step > 200,
                    let id = running.filter({ $0.value.keys.count > 1 }).keys.min()
                else { break }
                isSeparated = true
                running[id] = nil
                send(crowd.separated(id, requests: 3, now: now))
            }
            #expect(crowd.inFlight == running.count, "seed \(seed)")
        }
        while let id = running.keys.min() { end(id) }
        #expect(waiting.isEmpty && crowd.waiting == 0 && crowd.inFlight == 0, "seed \(seed)")
    }
}
