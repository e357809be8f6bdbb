import ArgumentParser
@main struct Simpul: ParsableCommand {}
