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

    /// The value; nil anywhere but on the loop's thread.
    @inlinable
    package var valueOnLoop: Value? {
        self.loop.isOnLoop ? self.wrapped : nil
    }

    @inlinable
    package var value: Value {
        precondition(self.loop.isOnLoop, "used off its event loop")
        return self.wrapped
    }
}
