import CZlib

/// What zlib does for a zip.
enum Deflate {
    /// Bare deflate, as small as zlib makes it.
    static func compress(_ bytes: [UInt8]) throws(PackagingError) -> [UInt8] {
        var stream = z_stream()
        guard shim_deflate_init(&stream, Z_BEST_COMPRESSION) == Z_OK else {
            throw PackagingError("There is not enough memory to compress the package.")
        }
        defer { deflateEnd(&stream) }
        var input = bytes
        // zlib never needs more, so that one call is all.
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))))
        let code = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                stream.next_in = from.baseAddress
                stream.avail_in = uInt(from.count)
                stream.next_out = to.baseAddress
                stream.avail_out = uInt(to.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard code == Z_STREAM_END else { throw PackagingError("The package cannot be compressed.") }
        return Array(output.prefix(Int(stream.total_out)))
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) })
    }
}
