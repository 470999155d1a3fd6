/// A value that only the loop's thread touches, in a form that may travel.
///
/// Classes on the loop need no lock; this is the one place that promises so to the compiler, and checks it at each use.
@usableFromInline
package struct LoopBound<Value>: @unchecked Sendable {
    // Sendable: `value` traps anywhere but on the loop's thread.
    @usableFromInline
    let wrapped: Value
    @usableFromInline
    let loop: UVLoop

    @inlinable
    package init(_ value: Value, loop: UVLoop) {
        self.wrapped = value
        self.loop = loop
    }

    /// Lends the value to `body`; nil anywhere but on the loop's thread.
    ///
    /// Lent, not returned: whoever gets a reference has it counted.
    @inlinable
    @inline(__always)
    package func withValueOnLoop<Result>(_ body: (borrowing Value) -> Result) -> Result? {
        self.loop.isOnLoop ? body(self.wrapped) : nil
    }

    @inlinable
    package var value: Value {
        precondition(self.loop.isOnLoop, "used off its event loop")
        return self.wrapped
    }
}
