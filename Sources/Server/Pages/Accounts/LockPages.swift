import Catalogue
import HTTPTypes
import Hummingbird
import Node
import ReadModels

/// Unlocking a locked node, locking it, and hiding everything at once.
struct LockPages: Sendable {
    private struct UnlockPage {
        /// On a server the passphrase is given at the machine: over the network anybody could try, and by trying keep
        /// its operator waiting.
        let isHere: Bool
        let message: String?
        let isKeeping: Bool
        let kept: [Kept]
        let keptPath: String
    }

    private struct ContinuePage {
        let kept: [Kept]
        let keptPath: String
    }

    /// A value of a form that was sent while the node was locked: it goes back and forth until it can be saved.
    private struct Kept {
        let keptName: String
        let keptValue: String
    }

    private struct CalendarPage {
        let month: String
        let days: [String]
        let weeks: [[Day]]

        struct Day {
            let number: String
            let isToday: Bool
        }
    }

    private static let prefix = "kept."
    static let calendar = "/kalender"

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/buka", .evenLocked) { request in
            try isLocked ? unlockPage(request, message: nil) : .redirect("/")
        }
        routes.post("/buka", .evenLocked, unlock)
        routes.post("/kunci", .signedIn, lock)
        routes.post("/sembunyi", .evenLocked, hide)
        routes.get("\(Self.calendar)", .evenLocked, calendar)
        // Asked for while somebody types, so that a long form does not lock the laptop.
        routes.get("/hidup", .signedIn) { _ in PageResponse(status: .noContent, contentType: nil, body: "") }
    }

    private var isLaptop: Bool { site.accounts.rule.isPIN }

    private var isLocked: Bool { get throws { try site.node.vault.state() == .locked } }

    // MARK: - Locked

    /// The page that stands in place of every other one while the node is locked. What was sent is kept in it.
    func lockedPage(_ request: PageRequest) throws -> PageResponse {
        // A PIN or password is typed again, and never stands in a page.
        guard !request.form.pairs.isEmpty, !RequestFamily.secretPages.contains(request.path) else {
            return .redirect("/buka")
        }
        var page = try unlockPage(
            request, message: nil, kept: request.form.pairs.map { Kept(keptName: $0.name, keptValue: $0.value) },
            path: AccountPages.localPath(request.target))
        page.status = HTTPResponse.Status(code: 423, reasonPhrase: "Locked")
        return page
    }

    private func unlockPage(
        _ request: PageRequest, message: String?, kept: [Kept] = [], path: String = ""
    ) throws -> PageResponse {
        try site.page(
            "unlock", for: request, title: "unlock.title",
            UnlockPage(isHere: isLaptop, message: message, isKeeping: !kept.isEmpty, kept: kept, keptPath: path))
    }

    private func unlock(_ request: PageRequest) throws -> PageResponse {
        guard isLaptop else { throw PageError.notAllowed }
        let kept = request.form.pairs.filter { $0.name.hasPrefix(Self.prefix) }.map {
            Kept(keptName: String($0.name.dropFirst(Self.prefix.count)), keptValue: $0.value)
        }
        let path = AccountPages.localPath(request.form["path"])
        do {
            try site.node.unlock(Passphrase(request.form.exact("passphrase")), idle: site.node.usualIdle)
        } catch let error as NodeError where [.denied, .wait].contains(error.kind) {
            let text = site.texts(error.kind == .denied ? "unlock.wrong" : "unlock.wait", request.language)
            var page = try unlockPage(request, message: text, kept: kept, path: path)
            page.status = error.kind == .denied ? .unauthorized : .tooManyRequests
            return page
        }
        guard !kept.isEmpty else { return .redirect("/") }
        return try site.page(
            "continue", for: request, title: "unlock.continueTitle", ContinuePage(kept: kept, keptPath: path))
    }

    /// On a server locking takes names from everyone: it is for those who work with them. On a laptop it is for
    /// whoever sits there.
    private func mayLock(_ request: PageRequest) throws -> Bool {
        if isLaptop { return true }
        guard let account = request.session?.account else { return false }
        return try site.node.reader(of: account).grant("persons") != nil
    }

    private func lock(_ request: PageRequest) throws -> PageResponse {
        guard try mayLock(request) else { throw PageError.notAllowed }
        try site.node.vault.lock()
        site.forgetNames()
        site.sessions.endAll()
        return .redirect("/buka")
    }

    // MARK: - Hiding

    /// Leaves for a page that says nothing, ends the stay, locks the node where that is theirs to do, and asks the browser to forget what it holds
    /// of this server. It cannot make a browser forget which addresses it visited.
    private func hide(_ request: PageRequest) throws -> PageResponse {
        if let session = request.session { site.sessions.end(session.token) }
        if try site.node.vault.isSet(), try mayLock(request) {
            try site.node.vault.lock()
            site.forgetNames()
        }
        var response = PageResponse.redirect(Self.calendar)
        if let name = HTTPField.Name("Clear-Site-Data") {
            response.headers[name] = #""cache", "cookies", "storage""#
        }
        return response
    }

    /// This month, and nothing of this program.
    private func calendar(_ request: PageRequest) throws -> PageResponse {
        let month = MonthSheet(of: site.desk.today)
        let page = CalendarPage(
            month: "\(site.texts("calendar.month\(month.month)", request.language)) \(month.year)",
            days: (1...7).map { site.texts("calendar.day\($0)", request.language) },
            weeks: month.weeks.map { week in
                week.map { CalendarPage.Day(number: $0.map(String.init) ?? "", isToday: $0 == month.today) }
            })
        return .html(
            try site.templates.render(
                "calendar",
                [
                    "lang": request.language.rawValue, "assets": StaticFiles.version,
                    "title": site.texts("calendar.title", request.language), "page": page,
                ]))
    }
}

/// The days of a month in weeks from Monday to Sunday.
struct MonthSheet {
    let year: Int
    let month: Int
    let today: Int
    /// Nil where the week has days of another month.
    let weeks: [[Int?]]

    /// - Parameter date: `2026-08-14`.
    init(of date: String) {
        let parts = date.split(separator: "-").compactMap { Int($0) }
        (year, month, today) = (
            parts.first ?? 1970, parts.dropFirst().first.map { min(max($0, 1), 12) } ?? 1, parts.last ?? 1
        )
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let count = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        let cells = Array(repeating: Int?.none, count: Self.weekday(year, month, 1)) + (1...count).map { Int?($0) }
        weeks = stride(from: 0, to: cells.count, by: 7).map { start in
            let week = Array(cells[start..<min(start + 7, cells.count)])
            return week + Array(repeating: nil, count: 7 - week.count)
        }
    }

    /// Sakamoto's method; Monday is 0.
    private static func weekday(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month < 3 ? year - 1 : year
        let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1]
        return (year + year / 4 - year / 100 + year / 400 + shift + day + 6) % 7
    }
}
