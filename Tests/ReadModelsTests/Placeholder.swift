import Testing

@testable import ReadModels
