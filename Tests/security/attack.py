#!/usr/bin/env python3
"""Attacks a scratch centre with public tools and says what they found.

usage: attack.py --simpul PATH [headers|flood|sqlmap|slowhttptest|schemathesis|testssl …]

Ends with 1 when a tool found something, and with 2 when the server did not survive.
"""

import argparse
import shutil
import sys

import door
import flood
import injection
import slow
import surface
import transport
from target import Target

ATTACKS = {
    "headers": (None, door.attack),
    "flood": (None, flood.attack),
    "schemathesis": ("schemathesis", surface.attack),
    "sqlmap": ("sqlmap", injection.attack),
    "slowhttptest": ("slowhttptest", slow.attack),
    "testssl": ("testssl", transport.attack),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simpul", required=True)
    parser.add_argument("attacks", nargs="*", metavar="attack", help=", ".join(ATTACKS))
    options = parser.parse_args()
    for name in options.attacks:
        if name not in ATTACKS:
            parser.error(f"there is no attack {name}; they are {', '.join(ATTACKS)}")
    findings, broken = [], False
    for name in options.attacks or ATTACKS:
        program, attack = ATTACKS[name]
        if program and not shutil.which(program):
            print(f"{name}: left out, {program} is not installed")
            continue
        # A server of its own for each: what one leaves behind (pauses, limits) must not hide what another would find.
        target = Target(options.simpul)
        try:
            figures, found = attack(target)
            for figure in figures:
                print(f"{name}: {figure}")
            for finding in found:
                print(f"{name}: FOUND {finding}")
            findings += found
            if not target.is_well():
                print(f"{name}: THE SERVER DID NOT SURVIVE\n{target.log[-3000:]}")
                broken = True
        finally:
            target.close()
        sys.stdout.flush()
    sys.exit(2 if broken else 1 if findings else 0)


if __name__ == "__main__":
    main()
