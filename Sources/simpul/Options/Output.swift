import Event
import Foundation

/// Where words go: results to the standard output, everything else to the standard error stream.
enum Output {
    static func result(_ text: String) { write(Array((text + "\n").utf8), to: STDOUT_FILENO) }

    /// Bytes as they are, for what must not be written anew.
    static func result(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    static func result(_ json: JSON) { result(json.encoded() + [UInt8(ascii: "\n")]) }

    static func note(_ text: String) { write(Array((text + "\n").utf8), to: STDERR_FILENO) }

    /// Words after which the cursor stays on the line.
    static func prompt(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    /// A result that cannot be written, on a full disk for instance, must not look like a good end.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                exit(EX_IOERR)
            }
        }
    }
}
