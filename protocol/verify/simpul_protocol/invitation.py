"""Invitations: the text an operator hands over, with what a node must trust from the start (04-session.md)."""

import base64
import binascii
from dataclasses import dataclass
from typing import Optional

from . import strictjson
from .errors import ProtocolError
from .ledger import Member

_PREFIX = "simpul-invite-"


@dataclass(frozen=True)
class Invitation:
    url: str
    pin: Optional[str]
    token: str
    server: Member
    root: Member

    @classmethod
    def parse(cls, text: str) -> "Invitation":
        text = text.strip()
        if not text.startswith(_PREFIX):
            raise ProtocolError("bad-invitation", f"an invitation starts with {_PREFIX}")
        encoded = text[len(_PREFIX) :]
        try:
            data = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
            value = strictjson.parse(data)
            if value["v"] != 1:
                raise ProtocolError("bad-invitation", f"version {value['v']} is not known here")
            return cls(
                value["url"].rstrip("/"), value.get("pin"), value["token"], Member.parse(value["server"]),
                Member.parse(value["root"]),
            )  # fmt: skip
        except (binascii.Error, KeyError, TypeError, AttributeError, ProtocolError) as error:
            raise ProtocolError("bad-invitation", f"cut or altered on the way ({error})") from None

    def __str__(self) -> str:
        value = {"v": 1, "url": self.url, "pin": self.pin, "token": self.token}
        value.update(server=self.server.json, root=self.root.json)
        data = strictjson.encode({name: item for name, item in value.items() if item is not None})
        return _PREFIX + base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
