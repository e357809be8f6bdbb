import Testing

@testable import Event
