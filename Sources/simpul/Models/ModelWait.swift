import Event
import Foundation
import Node
import ReadModels

/// Waits until whoever keeps the models has done what their files ask for. Without a server, this process does it.
struct ModelWait {
    let node: Node

    /// Looks again and again until `body` gives something: by the versions beside those in use, and those in use.
    func until<Value>(_ body: (_ beside: [BesideInfo], _ inUse: [ModelInfo]) throws -> Value?) throws -> Value {
        while true {
            try node.project()
            let isMine = try node.buildModels()
            let reader = try node.modelReader
            if let value = try body(reader.besideModels(), reader.models()) { return value }
            // Another process looks every two seconds.
            if isMine == nil { usleep(200_000) }
        }
    }
}
