"""The one exception of this package. Its code is the protocol's (07-errors-and-limits.md)."""


class ProtocolError(Exception):
    """Outside data broke a rule. `code` is for programs, `detail` says what and where."""

    def __init__(self, code: str, detail: str):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
