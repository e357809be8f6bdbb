#!/usr/bin/env python3
"""Writes protocol/vectors/*.json. The same every time: keys come from seeds, times are fixed.

    python3 protocol/verify/make_vectors.py            write the files
    python3 protocol/verify/make_vectors.py --check    fail if a file would change
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from simpul_protocol import needs  # noqa: E402,F401  (says clearly what is missing)
from vector_makers import ALL  # noqa: E402

FOLDER = Path(__file__).parent.parent / "vectors"


def main() -> int:
    changed = []
    for name, make in ALL.items():
        text = json.dumps(make(), ensure_ascii=False, indent=1) + "\n"
        path = FOLDER / f"{name}.json"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            changed.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    print("changed: " + ", ".join(changed) if changed else "unchanged")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
