/// A cached store as `SpreadStore` calls it: its core at once, for one more asynchronous call would cost a read 400 instructions when it returns.
protocol CoreHolding {
    var core: CacheCore<RedisCommands> { get }
}

extension CacheStore: CoreHolding {}
