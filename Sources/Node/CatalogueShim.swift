import Catalogue
import Event
import Foundation

extension Catalogue {
    func validate(type: String, data: JSON) -> [Problem] { [] }
}

extension EventType {
    func split(_ data: JSON) -> (plain: JSON, personal: JSON?) {
        let names = Set(fields.filter { $0.sensitivity == .personal }.map(\.name))
        let members = data.objectValue ?? []
        let personal = members.filter { names.contains($0.key) }
        return (.object(members.filter { !names.contains($0.key) }), personal.isEmpty ? nil : .object(personal))
    }
}

