extension JSON {
    /// This value with a patch applied (RFC 7396, JSON Merge Patch): members of the patch replace those of the
    /// same key, null removes, objects merge, everything else replaces. Kept members keep their order.
    public func merging(patch: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var members = objectValue ?? []
        for change in changes {
            let position = members.firstIndex { $0.key.hasSameBytes(as: change.key) }
            if change.value.isNull {
                if let position { members.remove(at: position) }
            } else if let position {
                members[position].value = members[position].value.merging(patch: change.value)
            } else {
                // Merging into nothing still matters: it drops the nulls inside the new value.
                members.append(JSONMember(change.key, JSON.null.merging(patch: change.value)))
            }
        }
        return .object(members)
    }
}
