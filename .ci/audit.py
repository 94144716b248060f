"""Usage: audit.py [REQUIREMENTS [SBOM]]: write what WineBox is made of, and ask what is known to be vulnerable.

Ends with 1 when something is. Where no service can be asked it says "not checked": that nothing was found is only said
by a service that looked.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SBOM = ROOT / "build" / "sbom.cdx.json"
SERVICES = ("pypi", "osv")


def write_sbom(requirements: Path, sbom: Path) -> None:
    """Write the CycloneDX bill of materials of all pinned packages."""
    sbom.parent.mkdir(exist_ok=True)
    command = [BIN / "cyclonedx-py", "requirements", requirements, "--output-reproducible", "--of", "JSON", "-o", sbom]
    subprocess.run(command, check=True)  # noqa: S603  (our own arguments)


def ask(service: str, requirements: Path) -> tuple[str, list[str]]:
    """Return "clean", "vulnerable" or "not checked", with what there is to say about it."""
    command = [BIN / "pip-audit", "--strict", "--disable-pip", "--progress-spinner", "off", "--timeout", "10"]
    command += ["--format", "json", "--vulnerability-service", service, "--requirement", requirements]
    if service == "osv" and (url := os.environ.get("OSV_URL")):
        command += ["--osv-url", url]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        packages = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError):
        return "not checked", (run.stderr.strip().splitlines() or ["no answer"])[-1:]
    found = [
        f"{package['name']} {package['version']}: {flaw['id']}, repaired in {', '.join(flaw['fix_versions']) or 'none'}"
        for package in packages
        for flaw in package.get("vulns", [])
    ]
    if found:
        return "vulnerable", found
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if skipped or run.returncode or not packages:
        return "not checked", [f"skipped: {', '.join(skipped)}" if skipped else f"pip-audit ended {run.returncode}"]
    return "clean", [f"{len(packages)} packages"]


def main() -> int:
    requirements = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "requirements-dev.txt")
    sbom = Path(sys.argv[2]) if len(sys.argv) > 2 else SBOM
    write_sbom(requirements, sbom)
    print(f"Wrote {sbom}.")
    for service in os.environ.get("AUDIT_SERVICES", " ".join(SERVICES)).split():
        verdict, details = ask(service, requirements)
        if verdict == "clean":
            print(f"No known vulnerabilities, says {service} ({details[0]}).")
            return 0
        if verdict == "vulnerable":
            print("\n".join([f"Known vulnerabilities, says {service}:", *details]))
            return 1
        print(f"{service} could not be asked: {details[0]}", file=sys.stderr)
    print("NOT CHECKED: no service that knows vulnerabilities could be asked.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
