import Catalogue
import Node
import Store

/// What every page shows around its content.
struct Layout {
    struct Link {
        let href: String
        let linkLabel: String
        let icon: String
        let isCurrent: Bool
    }

    let request: PageRequest
    let site: Site

    func model(title: String, page: Any) -> [String: Any] {
        let language = request.language
        var model: [String: Any] = [
            "t": site.texts.all(language), "lang": language.rawValue, "title": title, "page": page,
            "token": request.formToken, "here": request.path, "place": place, "assets": StaticFiles.version,
            "otherLanguage": language == .indonesian ? "en" : "id",
            "isEnglish": language == .english,
        ]
        if let session = request.session {
            model["user"] = ["userName": session.account.name, "userRole": roleName(session.account.role)]
            let knowsPersons = (try? KnownPersons(site, session.account).areKnown) ?? false
            model["links"] = links.filter { knowsPersons || $0.href != "/orang" }
            model["canLock"] = (try? site.node.vault.isSet()) ?? false
        }
        return model
    }

    private var place: String { "\(site.node.own.node) · \(site.node.own.region)" }

    private func roleName(_ code: String) -> String {
        site.node.catalogue.codeLists["ROLE"]?[code]?.label[request.language] ?? code
    }

    private var links: [Link] {
        switch site.node.own.role {
        case .village:
            [
                link("/", "board", "home"), link("/orang", "people", "people"), link("/catat", "record", "plus"),
                link("/kasus", "cases", "case"), link("/izin", "licences", "check"),
            ]
        case .hub:
            [
                link("/", "morning", "sun"), link("/kasus", "cases", "case"), link("/orang", "people", "people"),
                link("/catat", "record", "plus"), link("/izin", "licences", "check"),
            ]
        case .centre:
            [
                link("/", "health", "home"), link("/tanya", "query", "table"), link("/angka", "figures", "figures"),
                link("/catat", "record", "plus"),
                link("/izin", "licences", "check"),
            ]
        }
    }

    private func link(_ href: String, _ name: String, _ icon: String) -> Link {
        let isCurrent = href == "/" ? request.path == "/" : request.path.hasPrefix(href)
        return Link(
            href: href, linkLabel: site.texts("nav.\(name)", request.language), icon: "icon-\(icon)",
            isCurrent: isCurrent)
    }
}

extension Site {
    /// Renders a page of `template` in the layout.
    ///
    /// - Parameter title: a name in the texts; or, with `plainTitle`, the title itself.
    func page(
        _ template: String, for request: PageRequest, title: String, plainTitle: String? = nil, _ page: Any
    ) throws -> PageResponse {
        let title = plainTitle ?? texts(title, request.language)
        return .html(
            try templates.render(template, Layout(request: request, site: self).model(title: title, page: page)))
    }
}
