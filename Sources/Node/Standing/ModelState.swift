import Catalogue
import Foundation
import ReadModels
import Store

/// Whether lists and figures hold what the logs do.
struct ModelState {
    /// A running program takes in what came within seconds; so many lines are more than that.
    static let lag: Int64 = 500

    let node: Node

    func conditions() throws -> [NodeCondition] {
        let role = node.own.role
        // Before anybody asked there are none, and the first question makes them.
        guard FileManager.default.fileExists(atPath: node.folder.models) else { return [] }
        do {
            let reader = try node.modelReader
            let (cut, intake) = (try reader.cut, try node.store.intakeSize())
            if cut > intake {
                return [damaged(ReadModelError.intakeShrank(cut: cut, intake: intake).description)]
            }
            let failures = try reader.models().filter { $0.failure != nil }
            if let first = failures.first {
                return [damaged("\(first.name): \(first.failure ?? "")", about: first.name)]
            }
            return intake - cut < Self.lag ? [] : [NodeCondition(.modelsBehind, at: role, ["n": .both(intake - cut)])]
        } catch let error as ReadModelError {
            return [damaged("\(error)")]
        }
    }

    private func damaged(_ reason: String, about: String = "") -> NodeCondition {
        NodeCondition(.modelsDamaged, at: node.own.role, about: about, ["reason": LocalizedText(id: "", en: reason)])
    }
}
