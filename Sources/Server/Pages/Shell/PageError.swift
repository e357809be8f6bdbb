/// Why a page is not shown. Each has a page of its own that says what to do.
enum PageError: Error, Sendable {
    case signInNeeded
    case notFound
    /// The node is locked: nothing that it keeps can be shown.
    case locked
    /// Signed in, but this is not for the person's role.
    case notAllowed
    /// The form is too old, or was not made here.
    case staleForm
    /// Not a form at all, or far too large.
    case badForm
}
