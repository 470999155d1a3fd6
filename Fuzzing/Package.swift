// swift-tools-version: 6.2
import PackageDescription

/// Coverage-guided fuzzing of what reads from the network: see `run` for how it is built (libFuzzer) and used.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // As in the product; see there for the proposals.
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "fuzzing",
    dependencies: [
        .package(name: "bedrock-sessions", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .target(
            name: "RedisFuzz",
            dependencies: [
                .product(name: "CacheStore", package: "bedrock-sessions"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "AdapterFuzz", dependencies: [.product(name: "Adapter", package: "bedrock-sessions")], swiftSettings: settings),
        // In C: libFuzzer brings its own `main`, for which a Swift executable has no room.
        .executableTarget(name: "fuzz-replies", dependencies: ["RedisFuzz"]),
        .executableTarget(name: "fuzz-connection", dependencies: ["RedisFuzz"]),
        .executableTarget(name: "fuzz-events", dependencies: ["AdapterFuzz"]),
    ]
)
