"""testssl.sh at the server's TLS."""

import json
import os
import re
import subprocess

# Of a scratch certificate that signs itself, on a name of this machine: nothing of the server's.
OF_THE_SCRATCH_CERTIFICATE = {
    "cert_chain_of_trust", "cert_caIssuers", "cert_crlDistributionPoints", "cert_revocation", "cert_notRevoked",
    "OCSP_stapling", "DNS_CAArecord", "cert_trust", "cert_validityPeriod", "cert_extlifeSpan", "overall_grade",
    "cert_expirationStatus", "cert_notAfter", "cert_ocspURL", "grade_cap_reason_1", "cert_certificatePolicies_EV",
}


def attack(target):
    report = os.path.join(target.folder, "testssl.json")
    done = subprocess.run(
        ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--jsonfile", report, f"localhost:{target.port}"],
        capture_output=True, text=True, timeout=1_200, stdin=subprocess.DEVNULL)
    version = re.search(r"testssl.*?(\d+\.\d+\.\d+)", subprocess.run(
        ["testssl", "--version"], capture_output=True, text=True).stdout).group(1)
    try:
        with open(report) as file:
            checks = json.load(file)
    except (OSError, ValueError) as error:
        return [], [f"no report: {error}; {done.stdout[-300:]}"]
    found, spared = [], []
    for check in checks:
        if check["severity"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL", "WARN"):
            text = f"{check['id']} ({check['severity']}): {check['finding']}"
            is_spared = check["id"] in OF_THE_SCRATCH_CERTIFICATE or check["severity"] == "WARN"
            (spared if is_spared else found).append(text)
    protocols = [check["id"] for check in checks if check["id"] in ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3")
                 and "not offered" not in check["finding"]]
    figures = [f"testssl.sh {version}: {len(checks)} checks, offered {', '.join(protocols)}, {len(found)} findings"]
    figures += [f"of the scratch certificate, or not decided: {text}" for text in spared]
    return figures, found
