import Foundation

/// Where a table was measured: figures without their machine say little.
enum Machine {
    static var description: String {
        let processor = line(of: "/proc/cpuinfo", after: "model name") ?? "unknown processor"
        let memory = line(of: "/proc/meminfo", after: "MemTotal") ?? "unknown memory"
        let system = line(of: "/etc/os-release", after: "PRETTY_NAME")?.replacing("\"", with: "") ?? "Linux"
        return "\(ProcessInfo.processInfo.activeProcessorCount) × \(processor), \(memory), \(system)"
    }

    private static func line(of path: String, after key: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        return line?.drop { $0 != ":" && $0 != "=" }.dropFirst().trimmingCharacters(in: .whitespaces)
    }
}
