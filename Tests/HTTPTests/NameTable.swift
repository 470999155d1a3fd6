public import Glibc
import Locked

/// Names that only this process knows, with the addresses that a test gives them.
enum NameTable {
    private struct Entry {
        var address: String
        var lookups = 0
    }

    private static let entries = Locked<[String: Entry]>([:])

    /// From now on the name has this address.
    static func set(_ name: String, _ address: String) {
        self.entries.withLock { $0[name, default: Entry(address: address)].address = address }
    }

    /// How often the name was looked up.
    static func lookups(of name: String) -> Int {
        self.entries.withLock { $0[name]?.lookups ?? 0 }
    }

    fileprivate static func lookUp(_ name: String) -> String? {
        self.entries.withLock { entries in
            entries[name]?.lookups += 1
            return entries[name]?.address
        }
    }

    fileprivate typealias GetAddressInfo =
        @convention(c) (
            UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<addrinfo>?, UnsafeMutablePointer<UnsafeMutablePointer<addrinfo>?>?
        ) -> Int32

    /// The C library's, behind the one below (`RTLD_NEXT`, dlsym(3)).
    fileprivate static let system: GetAddressInfo? = dlsym(UnsafeMutableRawPointer(bitPattern: -1), "getaddrinfo").map {
        unsafeBitCast($0, to: GetAddressInfo.self)
    }
}

/// Stands before the C library's function of this name for all libraries of the process, as any definition in an executable does: a name of the table is
/// replaced by its address, everything else is passed on. So a test has a name whose address changes, and touches no file of the system.
@_cdecl("getaddrinfo")
public func addressInformation(
    _ name: UnsafePointer<CChar>?, _ service: UnsafePointer<CChar>?, _ hints: UnsafePointer<addrinfo>?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<addrinfo>?>?
) -> Int32 {
    guard let system = NameTable.system else { return EAI_FAIL }
    guard let name, let address = NameTable.lookUp(String(cString: name)) else { return system(name, service, hints, result) }
    return system(address, service, hints, result)
}
