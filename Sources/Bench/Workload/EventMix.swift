import Catalogue
import Event

/// How often each event type is written for one visit to a house.
///
/// From the study of the work that the design rests on: per visit, what an organizer records
/// beside the visit itself. Types that need what only other nodes have are left out.
enum EventMix {
    static let perVisit: [(type: String, weight: Double)] = [
        ("visit.recorded", 1), ("information.provided", 0.45), ("contact.checked", 0.45), ("household.profiled", 0.3),
        ("document.checked", 0.25), ("risk.screened", 0.12), ("privacy.consent_granted", 0.11),
        ("person.registered", 0.1), ("person.stage_changed", 0.09), ("enterprise.performance_reported", 0.1),
        ("debt.declared", 0.05), ("feedback.submitted", 0.05), ("community.member_changed", 0.04),
        ("record.corrected", 0.03), ("recruiter.sighted", 0.02), ("financing.referred", 0.01), ("case.opened", 0.004),
        ("case.referred", 0.006), ("case.assistance_given", 0.012), ("record.retracted", 0.005),
        ("departure.recorded", 0.02), ("return.handed_over", 0.01), ("socsec.claim_status_changed", 0.005),
        ("reintegration.progress_recorded", 0.04), ("p3mi.service_rated", 0.01),
    ]
}
