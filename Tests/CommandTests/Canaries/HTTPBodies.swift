import Foundation
import Sync

/// HTTP/1.1 messages of one direction of a connection, taken apart so that frames in them can be read.
enum HTTPBodies {
    /// The decoded content of all frames of all bodies, one after the other.
    static func frames(in stream: [UInt8]) throws -> [UInt8] {
        var content: [UInt8] = []
        for body in bodies(in: stream) where body.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            let reader = try FrameReader(limit: .max)
            try reader.feed(body)
            while let frame = try reader.nextContent() { content += frame }
        }
        return content
    }

    private static func bodies(in stream: [UInt8]) -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        var rest = stream[...]
        while let head = take(through: "\r\n\r\n", from: &rest) {
            let header = head.lowercased()
            if header.contains("transfer-encoding: chunked") {
                var body: [UInt8] = []
                while let size = take(through: "\r\n", from: &rest).flatMap({
                    Int($0.prefix { $0.isHexDigit }, radix: 16)
                }) {
                    body += rest.prefix(size)
                    rest = rest.dropFirst(size + 2)
                    if size == 0 { break }
                }
                bodies.append(body)
            } else if let place = header.range(of: "content-length: ") {
                let size = Int(header[place.upperBound...].prefix { $0.isNumber }) ?? 0
                bodies.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
        }
        return bodies
    }

    private static func take(through end: String, from rest: inout ArraySlice<UInt8>) -> String? {
        let end = Array(end.utf8)
        var index = rest.startIndex
        while index + end.count <= rest.endIndex {
            if rest[index] == end[0], rest[index..<index + end.count].elementsEqual(end) {
                let text = String(decoding: rest[..<index], as: UTF8.self)
                rest = rest[(index + end.count)...]
                return text
            }
            index += 1
        }
        return nil
    }
}
