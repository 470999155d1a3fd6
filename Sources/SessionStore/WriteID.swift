/// Names for single writes: 128 random bits as 32 hexadecimal digits.
package enum WriteID {
    /// A fresh name.
    package static func random() -> String {
        (0..<2).map { _ in Self.hexadecimal(.random(in: .min ... .max)) }.joined()
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
