import Event
import Foundation
import Testing
import Transport

extension QueryServer {
    struct Reply: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// Read strictly: what the server writes is what the engine itself would take.
        func json() throws -> JSON { try JSON.parse(bytes, limits: .document) }

        subscript(header: String) -> String? { headers[header] }
    }

    /// Asks as one of the test's people; nil: without a login.
    func get(_ path: String, as name: String? = "analis", headers: [String: String] = [:]) async throws -> Reply {
        let address = try HTTPAddress("http://127.0.0.1:\(port)").resolving(path)
        var fields: HTTPHeaders = [:]
        if let name {
            let login = Data("\(name):\(TestAuthority.password)".utf8).base64EncodedString()
            fields.append("Authorization", "Basic \(login)")
        }
        for (name, value) in headers { fields.append(name, value) }
        let sent = fields
        return try await HTTPWorker().run { client in
            var head: HTTPResponseHead?
            var bytes: [UInt8] = []
            do {
                try client.perform(
                    HTTPRequest(.get, address, headers: sent), onResponse: { head = $0 },
                    onBytes: { bytes.append(contentsOf: $0) })
                return Reply(status: head?.status ?? 0, headers: head?.headers ?? [:], bytes: bytes)
            } catch let error as TransportError {
                if let answer = error.answer {
                    return Reply(status: answer.head.status, headers: answer.head.headers, bytes: answer.body)
                }
                guard case .redirect(let status, _) = error.kind else { throw error }
                return Reply(status: status, headers: [:], bytes: bytes)
            }
        }
    }
}
