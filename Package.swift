// swift-tools-version:6.2
import PackageDescription

/// Settings every target shares, so that strictness is stated once.
///
/// Warnings are errors where `SIMPUL_STRICT` is set, as CI does; a newer compiler's new warning stops nobody else.
let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["SIMPUL_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "simpul",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "simpul", targets: ["simpul"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0",
            traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.10.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CProcess"),
        .target(name: "Event", dependencies: [crypto]),
        .target(name: "TransparencyLog", dependencies: [crypto]),
        .target(name: "Catalogue", dependencies: ["Event"], resources: [.copy("Resources")]),
        .target(name: "Sync", dependencies: ["Event", "TransparencyLog", "CZstd", crypto]),
        .target(
            name: "Store", dependencies: ["Event", "TransparencyLog", "Sync", grdb, sqlite, crypto]),
        .target(
            name: "ReadModels",
            dependencies: ["Event", "Catalogue", grdb, sqlite, crypto]),
        .target(name: "Transport", dependencies: ["CCurl"]),
        .target(
            name: "Node",
            dependencies: [
                "Event", "TransparencyLog", "Sync", "Catalogue", "Store", "ReadModels", "Transport", "CProcess",
                crypto, cryptoExtras, logging,
            ]),
        .target(
            name: "Server",
            dependencies: [
                "Event", "TransparencyLog", "Sync", "Catalogue", "Store", "ReadModels", "Node",
                hummingbird, mustache, logging, lifecycle, crypto,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            resources: [.copy("Resources")]),
        .executableTarget(
            name: "simpul",
            dependencies: [
                "Event", "TransparencyLog", "Sync", "Catalogue", "Store", "ReadModels", "Node",
                "Server", "Transport", "CProcess", arguments, logging, lifecycle, hummingbird,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "bench",
            dependencies: [
                "Event", "TransparencyLog", "Sync", "Catalogue", "Store", "ReadModels", "Node", "Server",
                "Transport", sqlite, crypto, arguments,
            ],
            path: "Sources/Bench"),
        .target(
            name: "TestKit",
            dependencies: [
                "Event", "TransparencyLog", "Sync", "Catalogue", "Store", "Node", "Server", "Transport", hummingbird,
                logging, lifecycle, crypto, .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/TestKit"),
        .testTarget(name: "EventTests", dependencies: ["Event"]),
        .testTarget(name: "TransparencyLogTests", dependencies: ["TransparencyLog", "Event", crypto]),
        .testTarget(name: "CatalogueTests", dependencies: ["Catalogue", "Event"]),
        .testTarget(
            name: "SyncTests", dependencies: ["Sync", "Event", "TransparencyLog", "TestKit", "CZstd", crypto]),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Store", "Sync", "Event", "TransparencyLog", "TestKit", "Node", grdb, crypto]),
        .testTarget(
            name: "ReadModelsTests", dependencies: ["ReadModels", "Catalogue", "Event", grdb, crypto]),
        .testTarget(name: "TransportTests", dependencies: ["Transport"]),
        .testTarget(
            name: "NodeTests",
            dependencies: ["Node", "TestKit", "Store", "Sync", "Event", "Catalogue", crypto, logging]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Node", "TestKit", "Store", "Sync", "Event", "Transport", "Catalogue", "ReadModels",
                hummingbird,
                logging, crypto,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Store", "Sync", "Event", "TransparencyLog", "Catalogue", "ReadModels", "Node", "TestKit", crypto,
            ]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "simpul", "Event", "TransparencyLog", "Catalogue", "Sync", "Store", "Transport", "TestKit", grdb,
                crypto,
            ]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + strict
}
