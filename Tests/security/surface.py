"""schemathesis: requests made from the server's own OpenAPI document, right and wrong ones, as somebody signed in."""

import base64
import json
import os
import re
import subprocess

from target import NAME, PASSWORD


def attack(target):
    version = subprocess.run(["schemathesis", "--version"], capture_output=True, text=True).stdout.split()[-1]
    status, _, body = target.ask("/q/v1/openapi.json")
    if status != 200:
        return [], [f"the OpenAPI document is answered {status}"]
    operations = json.loads(body)
    found = logins(target, operations)
    document = os.path.join(target.folder, "openapi.json")
    with open(document, "w") as file:
        json.dump(narrowed(operations), file)
    done = subprocess.run(
        ["schemathesis", "run", document, "--url", target.url, "--auth", f"{NAME}:{PASSWORD}", "--tls-verify", "false",
         # `logins` does what this check wants to do, and what the pause after wrong passwords would not let it do.
         "--checks", "all", "--exclude-checks", "ignored_auth", "--max-examples", "40", "--rate-limit", "auto",
         "--continue-on-failure", "--seed", "1", "--suppress-health-check", "all", "--warnings", "off", "--report",
         "ndjson", "--report-dir", target.folder],
        capture_output=True, text=True, timeout=2_400, cwd=target.folder)
    output = done.stdout
    if record := os.environ.get("SIMPUL_ATTACK_RECORD"):
        with open(record, "w") as file:
            file.write(output)
    summary = re.search(r"=+ SUMMARY =+\n(.*)", output, re.S)
    cases = re.search(r"(\d[\d,]*) generated", output)
    failures = re.findall(r"^\s*❌ (.+?): (\d+)$", output, re.M)
    found += [f"{kind}: {number}" for kind, number in failures]
    if done.returncode not in (0, 1) or not summary:
        found.append(f"ended with {done.returncode}: {(done.stderr or output)[-300:]}")
    generated = cases.group(1) if cases else "?"
    figure = (
        f"schemathesis {version}, all checks but one, all phases: {len(operations['paths'])} operations, {generated} cases, "
        f"{len(failures)} kinds of failures")
    return [figure, f"{2 * len(operations['paths'])} tries without a login and with a wrong one: all 401" if not found
            else "logins: see what was found"], found


def logins(target, operations):
    """Every operation asks for a login and takes no wrong one. Each try has a name and an address of its own: otherwise
    the pause after wrong ones would answer."""
    found = []
    for number, path in enumerate(sorted(operations["paths"])):
        source = f"127.7.{number // 250}.{1 + number % 250}"
        wrong = base64.b64encode(f"nobody-{number}:kata sandi salah".encode()).decode()
        for what, headers in (("no login", {}), ("a wrong login", {"Authorization": f"Basic {wrong}"})):
            status = target.ask(path, headers=headers, login=False, source=source)[0]
            if status != 401:
                found.append(f"{path} with {what} is answered {status}")
    return found


def narrowed(operations):
    """The document without two parameters of which it cannot say what is right: a cursor comes from an answer, and a cut is
    at most the newest one, which moves with every reading. sqlmap tries both."""
    left_out = [f"#/components/parameters/{name}" for name in ("cursor", "as_of_cut")]
    for path in operations["paths"].values():
        parameters = path["get"]["parameters"]
        path["get"]["parameters"] = [one for one in parameters if one.get("$ref") not in left_out]
    return operations
