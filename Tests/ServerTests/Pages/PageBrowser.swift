import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

/// A browser without a screen: keeps cookies, follows redirects, fills forms that were really in the page.
actor PageBrowser {
    struct Page: Sendable {
        let status: Int
        let path: String
        let html: String
        let headers: HTTPFields

        func contains(_ text: String) -> Bool { html.contains(text) }

        /// The first capture of a regular expression.
        func first(_ pattern: String) -> String? {
            guard let expression = try? Regex(pattern), let match = html.firstMatch(of: expression), match.count > 1
            else {
                return nil
            }
            return match[1].substring.map(String.init)
        }

        /// Hidden values of the form with an action, as a browser would send them back.
        func hidden(action: String) -> [(String, String)] {
            guard let start = html.range(of: "action=\"\(action)"),
                let end = html.range(of: "</form>", range: start.upperBound..<html.endIndex)
            else { return [] }
            let form = html[start.upperBound..<end.lowerBound]
            return form.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).map {
                (String($0.1), String($0.2))
            }
        }
    }

    private let client: any TestClientProtocol
    private var cookies: [String: String] = [:]

    init(_ client: any TestClientProtocol) { self.client = client }

    /// The same server on another device.
    nonisolated func another() -> PageBrowser { PageBrowser(client) }

    /// A copy that has the cookies of now, as a thief has them.
    func stolen() -> PageBrowser {
        PageBrowser(client, cookies: cookies)
    }

    private init(_ client: any TestClientProtocol, cookies: [String: String]) {
        self.client = client
        self.cookies = cookies
    }

    func get(_ path: String) async throws -> Page { try await send(path, .get, nil, follow: true) }

    /// Posts fields to `action`, with the hidden ones of the form in `page`.
    @discardableResult
    func submit(
        _ page: Page, to action: String, _ fields: [(String, String)], follow: Bool = true
    ) async throws -> Page {
        try await post(
            action, page.hidden(action: action.split(separator: "?").first.map(String.init) ?? action) + fields,
            follow: follow)
    }

    func post(
        _ path: String, _ fields: [(String, String)], headers: [String: String] = [:], follow: Bool = true
    ) async throws -> Page {
        let allowed = CharacterSet.alphanumerics.union(.init(charactersIn: "-._~"))
        let body = fields.map { name, value in
            "\(name.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")="
                + (value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        }.joined(separator: "&")
        return try await send(path, .post, body, more: headers, follow: follow)
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ body: String?, more: [String: String] = [:], follow: Bool
    ) async throws -> Page {
        var headers: HTTPFields = [:]
        for (name, value) in more { if let name = HTTPField.Name(name) { headers[name] = value } }
        if !cookies.isEmpty { headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        if body != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        let response = try await client.executeRequest(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        for cookie in response.headers[values: .setCookie] {
            let pair = cookie.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            cookies[String(pair[0])] = pair.count > 1 ? String(pair[1]) : nil
        }
        if follow, let location = response.headers[.location] {
            return try await send(location, .get, nil, follow: true)
        }
        return Page(
            status: response.status.code, path: path, html: String(buffer: response.body), headers: response.headers)
    }
}
