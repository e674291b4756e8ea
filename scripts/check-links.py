"""Links between the project's Markdown files lead to a file, and to a heading where they name one.

Also: every chapter of docs/ stands in docs/SUMMARY.md, and the other way round.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.S | re.M)
OUTSIDE = re.compile(r"^[a-z][a-z0-9+.-]*:")


def anchors(text: str) -> set[str]:
    """The ids that mdBook and GitHub give to a file's headings."""
    found = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", FENCE.sub("", text), re.M):
        plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", lambda m: m.group(1) or "", heading)
        found.add(re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-"))
    return found


def faults_of(path: pathlib.Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    prose = re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))
    faults = []
    for target in LINK.findall(prose):
        if OUTSIDE.match(target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists():
            faults.append(f"{path.relative_to(ROOT)}: {target}: no such file")
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
            faults.append(f"{path.relative_to(ROOT)}: {target}: no such heading")
    return faults


def summary_faults() -> list[str]:
    docs = ROOT / "docs"
    listed = set(LINK.findall((docs / "SUMMARY.md").read_text(encoding="utf-8")))
    there = {p.relative_to(docs).as_posix() for p in docs.rglob("*.md")} - {"SUMMARY.md"}
    return [f"docs/SUMMARY.md does not list {name}" for name in sorted(there - listed)]


def main() -> int:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    files = [ROOT / name for name in out.stdout.splitlines() if (ROOT / name).exists()]
    faults = [fault for file in files for fault in faults_of(file)] + summary_faults()
    for fault in faults:
        print(f"links: {fault}", file=sys.stderr)
    if not faults:
        print(f"links: {len(files)} Markdown files, every link leads somewhere")
    return 1 if faults else 0


sys.exit(main())
