"""schemathesis: requests made from the server's own OpenAPI document, right and wrong ones, as a signed-in analyst."""

import os
import re
import subprocess

from target import NAME, PASSWORD


def attack(target):
    version = subprocess.run(["schemathesis", "--version"], capture_output=True, text=True).stdout.split()[-1]
    document = os.path.join(target.folder, "openapi.json")
    status, _, body = target.ask("/q/v1/openapi.json")
    if status != 200:
        return [], [f"the OpenAPI document is answered {status}"]
    with open(document, "wb") as file:
        file.write(body)
    done = subprocess.run(
        ["schemathesis", "run", document, "--url", target.url, "--auth", f"{NAME}:{PASSWORD}", "--tls-verify", "false",
         "--checks", "all", "--max-examples", "40", "--rate-limit", "auto", "--continue-on-failure", "--seed", "1",
         "--suppress-health-check", "all", "--warnings", "off", "--report", "ndjson", "--report-dir", target.folder],
        capture_output=True, text=True, timeout=2_400, cwd=target.folder)
    output = done.stdout
    if record := os.environ.get("SIMPUL_ATTACK_RECORD"):
        with open(record, "w") as file:
            file.write(output)
    summary = re.search(r"=+ SUMMARY =+\n(.*)", output, re.S)
    cases = re.search(r"(\d[\d,]*) generated", output)
    failures = re.findall(r"^\s*❌ (.+?): (\d+)$", output, re.M)
    found = [f"{kind}: {number}" for kind, number in failures]
    if done.returncode not in (0, 1) or not summary:
        found.append(f"ended with {done.returncode}: {(done.stderr or output)[-300:]}")
    generated = cases.group(1) if cases else "?"
    return [f"schemathesis {version}, all checks, all phases: {generated} cases, {len(found)} kinds of failures"], found
