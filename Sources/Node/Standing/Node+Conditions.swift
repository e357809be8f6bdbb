/// One file a group beside this one; the words of all are in `NodeCondition+Words.swift`.
extension Node {
    /// All that is not as usual here, what has to be done about something first.
    ///
    /// - Throws: what the disk says. Damaged read models are a condition, no error.
    public func conditions() throws -> [NodeCondition] {
        let found =
            try ClockState(node: self).conditions() + KeyState(node: self).conditions()
            + Contact(node: self).conditions() + Alarms(node: self).conditions() + DiskState(node: self).conditions()
            + ErasureClock(node: self).conditions() + ModelState(node: self).conditions()
        return found.filter(\.isUrgent) + found.filter { !$0.isUrgent }
    }
}
