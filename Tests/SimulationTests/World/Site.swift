import Event
import Store

/// The nodes of every history: a centre, a regional hub, a hub of the province around it, and five villages of which
/// the first two are laptops of one.
enum Site: Int, CaseIterable {
    case centre, hubA, hubB, lontarA, lontarB, kramat, ciwaru, unyur

    var name: String {
        ["pusat", "hub-serang", "hub-banten", "lontar-a", "lontar-b", "kramat-a", "ciwaru-a", "unyur-a"][rawValue]
    }

    var region: String {
        [
            "id", "36.04", "36", "36.04.13.2007", "36.04.13.2007", "36.04.14.2001", "36.73.01.1001", "36.73.02.1002",
        ][rawValue]
    }

    var role: Enrolment.Role {
        switch self {
        case .centre: .centre
        case .hubA, .hubB: .hub
        default: .village
        }
    }

    /// Whom it syncs with, as long as nobody moves.
    var parent: Site? {
        switch self {
        case .centre: nil
        case .hubA, .hubB: .centre
        case .lontarA, .lontarB, .kramat: .hubA
        case .ciwaru, .unyur: .hubB
        }
    }

    static var villages: [Site] { allCases.filter { $0.role == .village } }
}
