import EmbeddedStore
import Glibc
import SessionStore

// Sets fields of one session, one write each: embedded-writer FILE SESSION PREFIX COUNT
let arguments = CommandLine.arguments
guard arguments.count == 5, let count = Int(arguments[4]) else {
    print("usage: embedded-writer FILE SESSION PREFIX COUNT")
    exit(2)
}
do throws(SessionStoreError) {
    let store = try EmbeddedStore(path: arguments[1], busyTimeout: .seconds(30))
    let key = SessionKey.session(try SessionID(arguments[2]))
    for number in 0..<count {
        let result = try await store.update(key, set: ["\(arguments[3])-\(number)": .number(String(number))])
        print(result.version?.rawValue ?? 0)
    }
    store.close()
} catch {
    print(error)
    exit(1)
}
