// swift-tools-version: 6.2
import PackageDescription

/// Sanitizer runs leave out what needs Hummingbird or GRDB: half a minute to build instead of ten.
let lean = Context.environment["BEDROCK_SESSIONS_LEAN"] != nil

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0443-warning-control-flags.md
    .treatAllWarnings(as: .error),
]
// https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
let strict = settings + [.strictMemorySafety()]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let instrumentation = Target.Dependency.product(name: "Instrumentation", package: "swift-distributed-tracing")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let inMemoryTracing = Target.Dependency.product(name: "InMemoryTracing", package: "swift-distributed-tracing")

let package = Package(
    name: "bedrock-sessions",
    products: [
        .library(name: "SessionStore", targets: ["SessionStore"]),
        .library(name: "CacheStore", targets: ["CacheStore", "Redis", "EventLoop"]),
        .library(name: "Dynamo", targets: ["Dynamo", "AWS", "EventLoop"]),
        .library(name: "Adapter", targets: ["Adapter"]),
        .library(name: "LambdaRuntime", targets: ["LambdaRuntime", "EventLoop"]),
        // The contract of a store, for stores of other packages.
        .library(name: "SessionStoreTesting", targets: ["SessionStoreTesting"]),
        .executable(name: "bootstrap", targets: ["bootstrap"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        // The load generator's latencies.
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // hiredis has no pkgConfig here: its .pc file makes the package manager warn on each build.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
        // For tests alone; without pkgConfig, so that a build without tests does not miss it.
        .systemLibrary(name: "CJansson", providers: [.apt(["libjansson-dev"])]),

        .target(name: "Locked", swiftSettings: settings),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "EventLoop", dependencies: ["CUV", "Locked"], swiftSettings: strict),
        .target(name: "HTTP", dependencies: ["CCurl", "EventLoop", "Locked"], swiftSettings: strict),
        .target(name: "AWS", dependencies: ["COpenSSL", "HTTP", "EventLoop", "JSON", "Locked", logging], swiftSettings: strict),
        .target(name: "Redis", dependencies: ["CHiredis", "COpenSSL", "EventLoop", "Locked", logging, metrics], swiftSettings: strict),
        .target(name: "SessionStore", dependencies: ["Locked"], swiftSettings: settings),
        // Names of spans, and who records them.
        .target(name: "Spans", dependencies: [tracing], swiftSettings: settings),
        .target(
            name: "Dynamo",
            dependencies: ["SessionStore", "AWS", "HTTP", "EventLoop", "JSON", "Locked", "Spans", logging, metrics, instrumentation],
            swiftSettings: strict),
        // Authenticated encryption of what the cache holds.
        .target(name: "Sealing", dependencies: ["COpenSSL", "Locked"], swiftSettings: strict),
        .target(
            name: "CacheStore", dependencies: ["SessionStore", "Redis", "EventLoop", "Sealing", "Locked", "Spans", logging, metrics],
            swiftSettings: settings),
        .target(name: "Adapter", dependencies: ["SessionStore", "JSON", "Locked", "Spans", logging, metrics], swiftSettings: settings),
        .target(
            name: "LambdaRuntime", dependencies: ["HTTP", "EventLoop", "JSON", "Locked", "Spans", logging, instrumentation],
            swiftSettings: settings),
        // Lets what is linked on a newer glibc start on that of Amazon Linux 2023.
        .target(name: "CGlibcFloor"),
        .executableTarget(
            name: "bootstrap",
            dependencies: [
                "CGlibcFloor", "Wiring", "Settings", "Adapter", "AWS", "EventLoop", "LambdaRuntime", "Locked", "Observability", logging,
                metrics, instrumentation,
            ],
            swiftSettings: settings),

        // What metrics come to, for Prometheus and for CloudWatch, and spans, for a log.
        .target(name: "Observability", dependencies: ["JSON", "Locked", "Spans", logging, metrics, tracing], swiftSettings: settings),
        // What both executables are configured with.
        .target(name: "Settings", dependencies: ["Sealing", "SessionStore"], swiftSettings: settings),
        // The stores that settings ask for, as both executables use them.
        .target(
            name: "Wiring",
            dependencies: [
                "Settings", "Sealing", "Adapter", "CacheStore", "Dynamo", "AWS", "HTTP", "Redis", "EventLoop", "SessionStore", "Spans",
                logging, instrumentation,
            ],
            swiftSettings: settings),

        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        // The deployment package of the Lambda.
        .target(name: "Packaging", dependencies: ["CZlib", "JSON"], swiftSettings: settings),
        .testTarget(
            name: "PackagingTests", dependencies: ["Packaging", "bootstrap", "JSON", "TestSupport"], swiftSettings: settings),
        // What an operator asks of a deployment: doctor, and what looks at both tiers.
        .target(
            name: "Operations",
            dependencies: [
                "Wiring", "Settings", "Sealing", "CacheStore", "Dynamo", "AWS", "Redis", "EventLoop", "SessionStore", "SessionStoreTesting",
                "JSON", "Locked",
            ],
            swiftSettings: settings),

        // What a deployment has to carry, and what it costs: arithmetic.
        .target(name: "Capacity", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(
            name: "CapacityTests",
            dependencies: [
                "Capacity", "CacheStore", "Redis", "EventLoop", "SessionStore", "SessionStoreTesting", "JSON", "TestSupport", logging,
            ],
            swiftSettings: settings),

        .systemLibrary(name: "CTimer"),
        // A load on any store, which verifies what it is answered.
        .target(
            name: "Load",
            dependencies: [
                "CTimer", "EventLoop", "SessionStore", "JSON", "Locked", .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: settings),

        // What all suites share: servers, clocks, gates.
        .target(
            name: "TestSupport", dependencies: ["EventLoop", "HTTP", "SessionStore", "JSON", "Locked", logging, metrics],
            path: "Tests/TestSupport", swiftSettings: settings),
        // What clients did and saw, and the checker that judges it.
        .target(name: "History", dependencies: ["SessionStore", "Locked"], path: "Tests/History", swiftSettings: settings),
        // The shipped stores on a seeded executor, over a simulated Redis and a simulated table.
        .target(
            name: "Simulation",
            dependencies: [
                "History", "CacheStore", "Dynamo", "AWS", "Redis", "SessionStore", "JSON", "Locked", "TestSupport", logging, metrics,
            ],
            path: "Tests/Simulation", swiftSettings: settings),
        .executableTarget(name: "simulate", dependencies: ["Simulation", "History"], path: "Tests/Simulate", swiftSettings: settings),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Simulation", "simulate", "History", "CacheStore", "EventLoop", "Redis", "SessionStore", "TestSupport", logging,
            ],
            swiftSettings: settings),
        // The shipped stores on real servers, while these and the network fail.
        .target(
            name: "ChaosCampaign",
            dependencies: [
                "History", "CacheStore", "Dynamo", "AWS", "Redis", "EventLoop", "SessionStore", "Locked", "Wiring", "TestSupport", logging,
            ],
            path: "Tests/Chaos", swiftSettings: settings),
        .executableTarget(
            name: "chaos", dependencies: ["ChaosCampaign", "TestSupport"], path: "Tests/ChaosCommand", swiftSettings: settings),
        .testTarget(
            name: "ChaosTests", dependencies: ["ChaosCampaign", "History", "SessionStore", "TestSupport"], swiftSettings: settings),
        // A cluster, a primary with its replica, and what they do to clients.
        .testTarget(
            name: "ClusterTests",
            dependencies: [
                "Redis", "CacheStore", "SessionStore", "EventLoop", "History", "Locked", "TestSupport", logging,
            ],
            swiftSettings: settings),
        .testTarget(name: "HistoryTests", dependencies: ["History", "SessionStore"], swiftSettings: settings),
        .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: settings),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop", "Locked", "TestSupport"], swiftSettings: settings),
        // jansson is the second opinion on what is JSON; nothing that is installed links it.
        .testTarget(name: "JSONTests", dependencies: ["JSON", "CJansson", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "SealingTests", dependencies: ["Sealing", "COpenSSL", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "HTTPTests", dependencies: ["HTTP", "TestSupport"], swiftSettings: settings,
            // Their names with addresses that change (NameTable.swift) have to be seen by libcurl.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic-symbol=getaddrinfo"])]),
        .testTarget(name: "AWSTests", dependencies: ["AWS", "TestSupport"], exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "RedisTests", dependencies: ["Redis", "COpenSSL", "EventLoop", "Locked", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SessionStoreTests", dependencies: ["SessionStore", "SessionStoreTesting", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "DynamoTests", dependencies: ["Dynamo", "SessionStoreTesting", "TestSupport", metrics, inMemoryTracing],
            swiftSettings: settings),
        .testTarget(
            name: "CacheStoreTests",
            dependencies: [
                "CacheStore", "Redis", "EventLoop", "Sealing", "Locked", "Dynamo", "AWS", "SessionStoreTesting", "Simulation",
                "TestSupport", logging, metrics, inMemoryTracing,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AdapterTests",
            dependencies: [
                "Adapter", "CacheStore", "Redis", "EventLoop", "SessionStore", "SessionStoreTesting", "JSON", "Locked", "TestSupport",
                logging, metrics, inMemoryTracing,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "WiringTests",
            dependencies: [
                "Wiring", "Settings", "Sealing", "Adapter", "AWS", "CacheStore", "Dynamo", "EventLoop", "JSON", "Locked", "Observability",
                "Redis", "SessionStore", "TestSupport", logging, tracing, inMemoryTracing,
            ],
            swiftSettings: settings),
        // They start `bootstrap` as a process, which the build puts beside them.
        .testTarget(
            name: "BootstrapTests",
            dependencies: [
                "bootstrap", "Packaging", "Dynamo", "AWS", "EventLoop", "HTTP", "JSON", "Redis", "SessionStore", "TestSupport", logging,
            ],
            swiftSettings: settings),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "Sealing", "SessionStore", "TestSupport"], swiftSettings: settings),
        // The function of docs/LAMBDA.md, which its tests start as a process.
        .executableTarget(
            name: "example-function", dependencies: ["LambdaRuntime", logging], path: "Tests/ExampleFunction", swiftSettings: settings),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "Operations", "Wiring", "Settings", "Sealing", "CacheStore", "Dynamo", "AWS", "Redis", "EventLoop", "SessionStore", "JSON",
                "Locked", "TestSupport", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LambdaRuntimeTests",
            dependencies: [
                "LambdaRuntime", "example-function", "EventLoop", "HTTP", "JSON", "Locked", "TestSupport", logging, instrumentation,
                inMemoryTracing,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LoadTests", dependencies: ["Load", "EventLoop", "SessionStore", "JSON", "Locked", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "ObservabilityTests", dependencies: ["Observability", "Spans", "JSON", "Locked", logging, metrics, tracing],
            swiftSettings: settings),
        .testTarget(name: "SpansTests", dependencies: ["Spans", tracing, inMemoryTracing], swiftSettings: settings),
        .testTarget(name: "RepositoryTests", dependencies: ["Packaging", "TestSupport"], swiftSettings: settings),
        .target(name: "SessionStoreTesting", dependencies: ["SessionStore", "Locked"], swiftSettings: settings),
    ]
)

if !lean {
    package.products += [
        .library(name: "EmbeddedStore", targets: ["EmbeddedStore"]),
        .executable(name: "bedrock-sessions", targets: ["bedrock-sessions"]),
    ]
    package.dependencies += [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Action groups' schemas that are written in YAML; the Lambda reads JSON alone.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        // The file that variables may come from.
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ]
    package.targets += [
        .target(
            name: "EmbeddedStore", dependencies: ["SessionStore", "JSON", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        // A second process for the tests of the file that several share.
        .executableTarget(
            name: "embedded-writer", dependencies: ["EmbeddedStore", "SessionStore"], path: "Tests/EmbeddedWriter", swiftSettings: settings),
        .executableTarget(
            name: "bedrock-sessions",
            dependencies: [
                "Operations", "Capacity", "Load", "Wiring", "Adapter", "Dynamo", "AWS", "EmbeddedStore", "EventLoop", "HTTP",
                "LambdaRuntime", "Locked",
                "Observability",
                "Packaging", "Sealing", "SessionStore", "Settings", "Spans", "JSON", logging, metrics, tracing,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        // What `serve` is measured beside.
        .executableTarget(
            name: "echo-server",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/EchoServer", swiftSettings: settings),
        .testTarget(
            name: "EmbeddedStoreTests",
            dependencies: [
                "EmbeddedStore", "embedded-writer", "CacheStore", "Redis", "EventLoop", "SessionStoreTesting", "TestSupport", logging,
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "bedrock-sessions", "Capacity", "TestSupport", "SessionStore", "HTTP", "EventLoop", "JSON", "Redis", "Settings", logging,
            ],
            swiftSettings: settings),
    ]
}

// Names of test targets, with commas: a run that wants a few suites need not build all of them.
if let wanted = Context.environment["BEDROCK_SESSIONS_TESTS"], !wanted.isEmpty {
    let names = Set(wanted.split(separator: ",").map(String.init))
    package.targets.removeAll { $0.type == .test && !names.contains($0.name) }
}
