import Foundation

/// A browser without a screen for an app on loopback: keeps cookies, sends back the hidden fields of the form that was
/// in the page, follows redirects when told to, and times each answer.
///
/// The sync client cannot stand in for it, as it keeps no cookies and refuses redirects on purpose.
final class FormBrowser {
    struct Page {
        var status = 0
        var location: String?
        var html = ""
        /// From the request's first byte to the answer's last.
        var seconds = 0.0

        /// Hidden fields of the form with an action.
        func hidden(_ action: String) -> [(String, String)] {
            guard let start = html.range(of: "action=\"\(action)"),
                let end = html.range(of: "</form>", range: start.upperBound..<html.endIndex)
            else { return [] }
            return html[start.upperBound..<end.lowerBound]
                .matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/)
                .map { (String($0.1), String($0.2)) }
        }
    }

    private let port: Int
    private var cookies: [String: String] = [:]

    init(port: Int) { self.port = port }

    func get(_ path: String) throws -> Page { try send("GET", path, body: nil) }

    /// Sends the form of `page`, filled in; does not follow the redirect that says where the record is.
    func submit(_ page: Page, to action: String, _ fields: [(String, String)]) throws -> Page {
        let path = action.prefix { $0 != "?" }
        let body = (page.hidden(String(path)) + fields).map { "\(Self.escaped($0))=\(Self.escaped($1))" }
        return try send("POST", action, body: body.joined(separator: "&"))
    }

    /// The page to which an answer leads.
    func follow(_ page: Page) throws -> Page {
        guard let location = page.location else {
            throw ProgramFailure(message: "the app answered \(page.status) and not with a redirect: \(page.complaint)")
        }
        return try get(location)
    }

    private static func escaped(_ text: String) -> String {
        let plain = CharacterSet.alphanumerics.union(.init(charactersIn: "-._~"))
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    private func send(_ method: String, _ path: String, body: String?) throws -> Page {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        if !cookies.isEmpty {
            head += "Cookie: \(cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))\r\n"
        }
        if let body {
            head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n"
        }
        let start = ContinuousClock.now
        let answer = try exchange(Array((head + "\r\n" + (body ?? "")).utf8))
        var page = try page(answer)
        page.seconds = (ContinuousClock.now - start).seconds
        return page
    }

    private func exchange(_ request: [UInt8]) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw failure("socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw failure("connect") }
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { write(descriptor, $0.baseAddress! + sent, $0.count - sent) }
            guard count > 0 else { throw failure("write") }
            sent += count
        }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw failure("read") }
            guard count > 0 else { return answer }
            answer += chunk[..<count]
        }
    }

    private func failure(_ call: String) -> ProgramFailure {
        ProgramFailure(message: "\(call) to 127.0.0.1:\(port): \(String(cString: strerror(errno)))")
    }

    private func page(_ answer: [UInt8]) throws -> Page {
        let text = String(decoding: answer, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"), let status = Int(text.dropFirst(9).prefix(3)) else {
            throw ProgramFailure(message: "the app's answer is no HTTP: \(text.prefix(80))")
        }
        var page = Page(status: status, html: String(text[end.upperBound...]))
        for line in text[..<end.lowerBound].split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].trimmingCharacters(in: .whitespaces)
            switch parts[0].lowercased() {
            case "location": page.location = value
            case "set-cookie":
                let pair = value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
            default: break
            }
        }
        return page
    }
}

extension FormBrowser.Page {
    /// What an answer that is not the one hoped for says, without its markup.
    var complaint: String {
        String(html.replacing(/<style.*?<\/style>|<[^>]*>/, with: " ").replacing(/\s+/, with: " ").prefix(400))
    }
}
