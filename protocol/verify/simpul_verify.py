#!/usr/bin/env python3
"""Simpul's independent verifier and client. See README.md beside this file, or --help."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from simpul_protocol import needs  # noqa: E402,F401  (says clearly what is missing)
from simpul_protocol.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
