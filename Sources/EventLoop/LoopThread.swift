import CUV
import Glibc

/// Starts threads of the loop's kind: detached, named, deaf to SIGPIPE.
enum LoopThread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(EventLoopError) {
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                unsafe pthread_setname_np(pthread_self(), String(start.name.utf8.prefix(15)))
                LoopThread.blockBrokenPipe()
                start.body()
                return nil
            },
            start.toOpaque())
        guard code == 0 else {
            unsafe start.release()
            throw EventLoopError(.system, unsafe "starting a thread: \(String(cString: strerror(code)))")
        }
        pthread_detach(thread)
    }

    /// A write to a closed connection is answered with an error, and the signal stays where it is raised: in the writing thread. The rest of the
    /// process keeps its own idea of SIGPIPE.
    private static func blockBrokenPipe() {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }
}
