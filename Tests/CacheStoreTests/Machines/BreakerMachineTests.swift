import SessionStore
import Testing

@testable import CacheStore

@Suite("a breaker")
struct BreakerMachineTests {
    private enum Event {
        case request(BreakerMachine.Permit, BreakerMachine.Change? = nil)
        case answer(BreakerMachine.Change? = nil)
        case failure(BreakerMachine.Change? = nil)
    }

    /// Plays events at these seconds, and looks at what the breaker says to each.
    private func play(_ script: [(at: Double, Event)], sourceLocation: SourceLocation = #_sourceLocation) -> BreakerMachine {
        var machine = BreakerMachine(CacheConfiguration.Breaker(failures: 3, interval: .seconds(1)))
        for (index, (at, event)) in script.enumerated() {
            let now = Duration.seconds(at)
            let comment = Comment(rawValue: "event \(index)")
            switch event {
            case .request(let permit, let change):
                let said = machine.requested(now: now)
                #expect(said.permit == permit, comment, sourceLocation: sourceLocation)
                #expect(said.change == change, comment, sourceLocation: sourceLocation)
            case .answer(let change):
                #expect(machine.answered() == change, comment, sourceLocation: sourceLocation)
            case .failure(let change):
                #expect(machine.failed(now: now) == change, comment, sourceLocation: sourceLocation)
            }
        }
        return machine
    }

    @Test("it opens with the third failure in a row")
    func opens() {
        let machine = self.play([
            (0, .request(.proceed)), (0, .failure()), (0, .request(.proceed)), (0, .failure()), (0, .answer()), (0, .failure()),
            (0, .failure()),
            (0, .request(.proceed)), (0, .failure(.opened)), (0, .request(.refuse)), (0.999, .request(.refuse)),
        ])
        #expect(machine.state == .open(until: .seconds(1)))
    }

    @Test("one call per interval finds out, and an answer closes it")
    func probes() {
        let machine = self.play([
            (0, .failure()), (0, .failure()), (0, .failure(.opened)),
            (1, .request(.probe, .halfOpened)), (1, .request(.refuse)), (1.1, .failure(.opened)), (1.5, .request(.refuse)),
            (2.1, .request(.probe, .halfOpened)), (2.2, .answer(.closed)), (2.2, .request(.proceed)),
        ])
        #expect(machine.isQuiet)
    }

    @Test("a probe of which nothing is heard gives way to the next one after an interval")
    func lostProbe() {
        _ = self.play([
            (0, .failure()), (0, .failure()), (0, .failure(.opened)), (1, .request(.probe, .halfOpened)), (1.9, .request(.refuse)),
            (2, .request(.probe)), (2.1, .request(.refuse)), (3, .request(.probe)),
        ])
    }

    @Test("failures of calls that did not ask do not put off the probe, and their successes close the breaker")
    func writers() {
        _ = self.play([
            (0, .failure()), (0, .failure()), (0, .failure(.opened)), (0.5, .failure()), (0.9, .failure()),
            (1, .request(.probe, .halfOpened)),
            (1.2, .failure(.opened)), (1.3, .answer(.closed)), (1.3, .request(.proceed)), (1.4, .failure()), (1.4, .request(.proceed)),
        ])
    }

    @Test("it is quiet only while closed without a failure")
    func quiet() {
        #expect(self.play([]).isQuiet)
        #expect(!self.play([(0, .failure())]).isQuiet)
        #expect(self.play([(0, .failure()), (0, .answer())]).isQuiet)
        #expect(!self.play([(0, .failure()), (0, .failure()), (0, .failure(.opened))]).isQuiet)
    }
}
