import Foundation

/// A page of the documents as something to do: its console blocks, its files, and what happens meanwhile.
///
/// Three kinds of things in a page are executed, in their order; all else is text:
///
/// - a fence ```` ```console at=NODE ```` holds commands after `$ ` (going on after `> `), each followed by what it
///   prints; `runs` says that its last command goes on running once it printed that;
/// - a fence ```` ```json file=NAME at=NODE ```` is a file beside the node's folder;
/// - a comment `<!-- clock MOMENT -->` sets the clock, and `<!-- meanwhile at=NODE: COMMAND -->` is done elsewhere.
struct ConsolePage {
    struct Command {
        var text: String
        /// Lines as the page shows them; nil: not shown.
        var output: [String]?
        /// Line of the page, counted from 1.
        let line: Int
    }

    enum Act {
        case clock(String)
        case file(name: String, text: String, node: String)
        case run([Command], node: String, staysRunning: Bool)
    }

    let path: String
    let acts: [Act]

    init(_ path: String) throws {
        self.path = path
        let url = Program.packageRoot.appending(path: path)
        var acts: [Act] = []
        var fence: (info: [String], line: Int, lines: [String])?
        let lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("```") {
                if let open = fence {
                    acts += Self.act(open.info, open.lines, from: open.line)
                    fence = nil
                } else {
                    fence = (line.dropFirst(3).split(separator: " ").map(String.init), index + 2, [])
                }
            } else if fence != nil {
                fence?.lines.append(line)
            } else if line.hasPrefix("<!-- "), line.hasSuffix(" -->") {
                acts += Self.stageDirection(String(line.dropFirst(5).dropLast(4)), line: index + 1)
            }
        }
        self.acts = acts
    }

    private static func act(_ info: [String], _ lines: [String], from line: Int) -> [Act] {
        let value = { (name: String) in
            info.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        let node = value("at") ?? ""
        if let name = value("file") {
            return [.file(name: name, text: lines.joined(separator: "\n") + "\n", node: node)]
        }
        guard info.first == "console" else { return [] }
        return [.run(commands(lines, from: line), node: node, staysRunning: info.contains("runs"))]
    }

    private static func commands(_ lines: [String], from line: Int) -> [Command] {
        var commands: [Command] = []
        for (index, text) in lines.enumerated() {
            if text.hasPrefix("$ ") {
                commands.append(Command(text: String(text.dropFirst(2)), output: [], line: line + index))
            } else if text.hasPrefix("> "), let last = commands.indices.last {
                commands[last].text += "\n" + text.dropFirst(2)
            } else if let last = commands.indices.last {
                commands[last].output?.append(text)
            }
        }
        return commands
    }

    private static func stageDirection(_ text: String, line: Int) -> [Act] {
        if text.hasPrefix("clock ") { return [.clock(String(text.dropFirst(6)))] }
        guard text.hasPrefix("meanwhile at="), let colon = text.firstIndex(of: ":") else { return [] }
        let node = text.dropFirst("meanwhile at=".count).prefix { $0 != ":" }
        let command = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        return [
            .run([Command(text: command, output: nil, line: line)], node: String(node), staysRunning: false)
        ]
    }
}
