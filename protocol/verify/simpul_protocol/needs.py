"""Importing this says clearly which package is missing, instead of a trace."""

import importlib
import sys

if sys.version_info < (3, 8):
    sys.exit("simpul_verify needs Python 3.8 or newer.")

_missing = []
for _name in ("cryptography", "zstandard"):
    try:
        importlib.import_module(_name)
    except ImportError:
        _missing.append(_name)

if _missing:
    print(
        f"{sys.executable} has no {' and no '.join(_missing)}. Install the packages, for example with\n"
        "    apt install python3-cryptography python3-zstandard     (then use /usr/bin/python3)\n"
        "    python3 -m pip install cryptography zstandard",
        file=sys.stderr,
    )
    sys.exit(3)
