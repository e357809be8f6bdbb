import Catalogue
import Node

/// Where a record stands on its way, in the words of an organizer.
enum PathWords {
    static func stage(_ stage: LineStage) -> LocalizedText {
        switch stage {
        case .saved: LocalizedText(id: "tersimpan", en: "saved here")
        case .atHub: LocalizedText(id: "di hub", en: "at the hub")
        case .atCentre: LocalizedText(id: "di pusat", en: "at the centre")
        case .counted: LocalizedText(id: "terhitung", en: "counted")
        }
    }

    /// For programs.
    static func code(_ stage: LineStage) -> String {
        switch stage {
        case .saved: "saved"
        case .atHub: "at-hub"
        case .atCentre: "at-centre"
        case .counted: "counted"
        }
    }

    /// Why a line goes no further, from a code of a refusal or of a counted receipt.
    static func reason(_ code: String) -> LocalizedText { HeldUpReason.text(code) }
}
