import Foundation
import Testing

/// What the pages show is what the program does: their commands are run, in order, and print what is shown.
@Suite struct DocumentsTests {
    @Test func `the session of the README goes as it is shown`() throws {
        let page = try ConsolePage("README.md")
        #expect(page.acts.count > 2)
        try ConsoleWorld().play(page)
    }

    @Test func `the operating pages and the page on asking go as they are shown, one after another`() throws {
        let world = try ConsoleWorld()
        for name in ["operating/centre", "operating/hub", "operating/village", "queries"] {
            let page = try ConsolePage("docs/\(name).md")
            #expect(page.acts.count > 2, "\(name)")
            try world.play(page)
        }
    }

    @Test func `each procedure of recovery goes as it is shown`() throws {
        let page = try ConsolePage("docs/operating/recovery.md")
        #expect(page.acts.count > 15)
        try ConsoleWorld().play(page)
    }

    @Test func `every block of these pages is executed or marked as not`() throws {
        for name in [
            "README.md", "docs/operating/centre.md", "docs/operating/hub.md", "docs/operating/village.md",
            "docs/queries.md", "docs/operating/recovery.md",
        ] {
            let text = try String(contentsOf: Program.packageRoot.appending(path: name), encoding: .utf8)
            let indented = text.components(separatedBy: "\n").filter { $0.hasPrefix("    simpul ") }
            #expect(indented.isEmpty, "\(name): write console blocks, which are executed")
        }
    }

    @Test func `an output that differs from what is shown is noticed`() {
        var shown = ShownOutput()
        #expect(shown.difference(of: "a 1\nb\n", from: ["a …", "b"]) == nil)
        #expect(shown.difference(of: "a 1\nx\ny\nb\n", from: ["a …", "…", "b"]) == nil)
        #expect(shown.difference(of: "a 1\n", from: ["a …", "b"]) != nil)
        #expect(shown.difference(of: "a 1\nb\nc\n", from: ["a …", "b"]) != nil)
        #expect(shown.difference(of: "a 1\nc\n", from: ["a …", "b"]) != nil)
        #expect(shown.difference(of: "code-12345\n", from: ["code-…"]) == nil)
        #expect(shown.filled("use code-…") == "use code-12345")
    }
}
