// swift-tools-version: 6.2
import PackageDescription

/// What only the benchmarks need stays out of the product's graph: see `run` for how they are built and used.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "bedrock-sessions", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .executableTarget(
            name: "bench",
            dependencies: [
                "BareXAES",
                .product(name: "CacheStore", package: "bedrock-sessions"),
                .product(name: "Dynamo", package: "bedrock-sessions"),
                .product(name: "SessionStore", package: "bedrock-sessions"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                // As in the product; see there for the proposals.
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .treatAllWarnings(as: .error),
            ]),
        .target(name: "BareXAES", path: "Sources/bare-xaes", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "Peer", path: "Sources/peer", linkerSettings: [.linkedLibrary("curl")]),
        .executableTarget(name: "curl-loop", dependencies: ["Peer"], linkerSettings: [.linkedLibrary("jansson")]),
        .executableTarget(name: "curl-multi-loop", dependencies: ["Peer"], linkerSettings: [.linkedLibrary("uv")]),
        .executableTarget(name: "instant-table"),
        .executableTarget(name: "lambda-driver"),
        .executableTarget(
            name: "lambda-peer",
            linkerSettings: [.linkedLibrary("hiredis"), .linkedLibrary("curl"), .linkedLibrary("jansson")]),
    ],
    cLanguageStandard: .gnu11
)
