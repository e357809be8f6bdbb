import Crypto
import Foundation

/// Unguessable names of sessions and forms: 256 random bits, safe in cookies, addresses and attributes.
enum RandomToken {
    static func make() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { hex($0) }
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
