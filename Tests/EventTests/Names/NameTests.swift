import Testing

@testable import Event

@Suite struct NameTests {
    private let epoch = "9f2c44d0a1b2c3d4"
    private let leaf = String(repeating: "c0de", count: 16)

    @Test func nodesAreShortPlainWords() throws {
        for text in ["a", "7", "lontar-a", "hub-serang", "a-", String(repeating: "a", count: 40)] {
            #expect(try NodeName(text).description == text)
        }
        for text in [
            "", "-a", "Lontar", "a_b", "a b", "a/b", "ä", "a\u{0}", String(repeating: "a", count: 41),
        ] {
            #expect(throws: NameError.self) { try NodeName(text) }
        }
    }

    @Test func lanesAreLowerCaseLetters() throws {
        for text in ["main", "urgent", "intake", "bulk", "abcdefghijkl"] {
            #expect(try Lane(text).description == text)
        }
        for text in ["", "Main", "main2", "a-b", "abcdefghijklm"] {
            #expect(throws: NameError.self) { try Lane(text) }
        }
    }

    @Test func epochsAreSixteenLowerCaseDigits() throws {
        #expect(try Epoch(epoch).description == epoch)
        #expect(try Epoch("0000000000000001").description == "0000000000000001")
        for text in [
            "", "9f2c44d0a1b2c3d", "9f2c44d0a1b2c3d40", "9F2C44D0A1B2C3D4", "9f2c44d0a1b2c3dg",
            "0x2c44d0a1b2c3d4",
        ] {
            #expect(throws: NameError.self) { try Epoch(text) }
        }
        var generator = SeededGenerator(seed: 1)
        let epochs = (0..<100).map { _ in Epoch.random(using: &generator) }
        #expect(Set(epochs).count == 100)
        #expect(Epoch.random() != Epoch.random())
    }

    @Test func logsHaveThreeParts() throws {
        for text in [
            "lontar-a/36.04.13.2007:main/\(epoch)", "pusat/id:urgent/\(epoch)",
            "lontar-a/local:intake/\(epoch)",
        ] {
            #expect(try LogName(text).description == text)
        }
        for text in [
            "", "lontar-a", "lontar-a/36/\(epoch)", "lontar-a/36:/\(epoch)", "lontar-a/:main/\(epoch)",
            "/36:main/\(epoch)", "lontar-a/36:main/", "lontar-a/36:main/\(epoch)/",
            "lontar-a//36:main/\(epoch)",
            "lontar-a/36:main:x/\(epoch)", "../36:main/\(epoch)", " lontar-a/36:main/\(epoch)",
            "lontar-a/36:main/\(epoch)\n", String(repeating: "a/", count: 50_000),
        ] {
            #expect(throws: NameError.self) { try LogName(text) }
        }
    }

    @Test func theLongestLogNameIsAccepted() throws {
        let text = "\(String(repeating: "a", count: 40))/36.04.13.2007:abcdefghijkl/\(epoch)"
        #expect(try LogName(text).description == text)
    }

    @Test(arguments: [
        (
            "36.04.13.2007", ["id", "36", "36.04", "36.04.13", "36.04.13.2007"],
            ["36.04.13.2008", "36.05", "35"]
        ),
        ("36.04", ["id", "36", "36.04", "36.04.13", "36.04.13.2007"], ["36.05", "35.04.13.2007"]),
        ("id", ["id", "36", "36.04", "36.04.13", "36.04.13.2007", "11"], []),
        ("local", [], ["id", "36", "36.04.13.2007"]),
    ])
    func scopeIsEverythingAroundAndInside(audience: String, inside: [String], outside: [String]) throws {
        let log = try LogName("lontar-a/\(audience):main/\(epoch)")
        for region in inside { #expect(log.inScope(of: try RegionCode(region))) }
        for region in outside { #expect(!log.inScope(of: try RegionCode(region))) }
    }

    @Test func referencesNameOneLine() throws {
        let log = "lontar-a/36.04.13.2007:main/\(epoch)"
        for text in ["\(log)#0~\(leaf)", "\(log)#1099511627776~\(leaf)"] {
            let reference = try LineReference(text)
            #expect(reference.description == text)
            #expect(reference.log.description == log)
            #expect(reference.leafHash.count == 32)
        }
        for text in [
            log, "\(log)#1", "\(log)#~\(leaf)", "\(log)#01~\(leaf)", "\(log)#-1~\(leaf)",
            "\(log)#1~\(leaf.dropLast())",
            "\(log)#1~\(leaf.uppercased())", "\(log)#1~\(leaf)~", "\(log)#1#2~\(leaf)", "#1~\(leaf)",
            "\(log)#1099511627777~\(leaf)", "\(log)#9223372036854775808~\(leaf)",
        ] {
            #expect(throws: NameError.self) { try LineReference(text) }
        }
        #expect(throws: NameError.self) {
            try LineReference(log: LogName(log), sequence: -1, leafHash: [UInt8](repeating: 0, count: 32))
        }
    }

    @Test func errorsSayWhatIsWrongWithoutRepeatingFloods() throws {
        let error = #expect(throws: NameError.self) { try NodeName(String(repeating: "X", count: 100_000)) }
        #expect(error?.kind == .node)
        #expect(error?.text.utf8.count == 80)
        #expect(error?.description.contains("a-z") == true)
    }
}
