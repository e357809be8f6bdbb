import Catalogue
import Foundation
import Testing

@Suite("Documentation")
struct DocumentationTests {
    static let reference = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/event-types.md").standardizedFileURL
    static let head = """
        # Event types

        Made from `Sources/Catalogue/Resources/events`; `SIMPUL_WRITE_DOCS=1 swift test --filter DocumentationTests`
        writes it anew. `docs/catalogue.md` explains the terms.


        """

    @Test("the reference of event types says what the files say")
    func referenceIsCurrent() throws {
        let text = Self.head + (try Catalogue.bundled()).documentation(in: .english)
        if ProcessInfo.processInfo.environment["SIMPUL_WRITE_DOCS"] == "1" {
            try Data(text.utf8).write(to: Self.reference)
        }
        let written = try String(contentsOf: Self.reference, encoding: .utf8)
        #expect(written == text, "docs/event-types.md is out of date")
    }
}
