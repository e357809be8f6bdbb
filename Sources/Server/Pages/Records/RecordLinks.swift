import Event
import Foundation
import Node

extension RecordKey {
    /// The address of the record's page; no personal text is in it.
    var path: String { "/catatan/\(log.node)/\(log.audience):\(log.lane)/\(log.epoch)/\(place)" }

    /// From the parts of such an address.
    init?(_ request: PageRequest) {
        guard let node = request.parameters["node"], let lane = request.parameters["lane"],
            let epoch = request.parameters["epoch"], let sequence = request.parameters["sequence"]
        else { return nil }
        self.init("\(node)/\(lane.replacingOccurrences(of: "%3A", with: ":"))/\(epoch)#\(sequence)")
    }
}
