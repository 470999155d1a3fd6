// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // As in the product; see there for the proposals.
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// What only the benchmarks need stays out of the product's graph: see `run` for how they are built and used.
let package = Package(
    name: "benchmarks",
    products: [.library(name: "counting-malloc", type: .dynamic, targets: ["CountingMalloc"])],
    dependencies: [
        .package(name: "bedrock-sessions", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .executableTarget(
            name: "bench",
            dependencies: [
                "BareXAES", "Marks",
                .product(name: "CacheStore", package: "bedrock-sessions"),
                .product(name: "Dynamo", package: "bedrock-sessions"),
                .product(name: "SessionStore", package: "bedrock-sessions"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(name: "BareXAES", path: "Sources/bare-xaes", linkerSettings: [.linkedLibrary("crypto")]),
        // Between what is counted; and a library that counts allocations, to be loaded in front of the others.
        .target(name: "Marks", path: "Sources/marks"),
        .target(name: "CountingMalloc", path: "Sources/counting-malloc"),
        .target(name: "Peer", path: "Sources/peer", linkerSettings: [.linkedLibrary("curl")]),
        .executableTarget(name: "curl-loop", dependencies: ["Peer"], linkerSettings: [.linkedLibrary("jansson")]),
        .executableTarget(name: "curl-multi-loop", dependencies: ["Peer"], linkerSettings: [.linkedLibrary("uv")]),
        .executableTarget(name: "hiredis-loop", dependencies: ["Peer"], linkerSettings: [.linkedLibrary("hiredis")]),
        .executableTarget(name: "http-pace"),
        .executableTarget(name: "instant-table"),
        .executableTarget(name: "lambda-driver"),
        .executableTarget(
            name: "lambda-peer",
            linkerSettings: [.linkedLibrary("hiredis"), .linkedLibrary("curl"), .linkedLibrary("jansson")]),
    ],
    cLanguageStandard: .gnu11
)

// It looks into modules that are built with `-enable-testing`: not part of an ordinary build.
if Context.environment["BEDROCK_SESSIONS_MICRO"] != nil {
    package.targets.append(
        .executableTarget(
            name: "micro",
            dependencies: [
                "Marks",
                .product(name: "Adapter", package: "bedrock-sessions"),
                .product(name: "CacheStore", package: "bedrock-sessions"),
                .product(name: "Dynamo", package: "bedrock-sessions"),
                .product(name: "SessionStore", package: "bedrock-sessions"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings))
}
