/// Suspends the task until its continuation is resumed.
///
/// `withUnsafeContinuation` without what that does before: it makes sure that the task is on the executor of its caller, where it is, and takes 290 instructions
/// to find out, a fifteenth of a GET. This is the form that the library had for all callers before Swift 6, and has kept.
@inlinable
@inline(__always)
func awaitOutcome(_ body: (UnsafeContinuation<CommandOutcome, Never>) -> Void) async -> CommandOutcome {
    await unsafe _unsafeInheritExecutor_withUnsafeContinuation(body)
}
