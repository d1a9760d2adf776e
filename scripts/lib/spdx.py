#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether every source says its licence in its first line (behind #! where there is one), as scripts/lint asks.

Sources are C++, SystemVerilog, Python, shell, CMake, TableGen, and the instruction set's and the systems' descriptions.
Not assembly, headers of assembly and programs in firmware, nor what tests read as data: their lines are quoted by
expectations. Names are those that git knows of. --fix writes the line where it is missing.
"""

import argparse
import fnmatch
import pathlib
import subprocess
import sys

LINE = "SPDX-License-Identifier: Apache-2.0"
SLASHES, HASH = "//", "#"
MARKS = {".cpp": SLASHES, ".hpp": SLASHES, ".h": SLASHES, ".sv": SLASHES, ".svh": SLASHES, ".td": SLASHES,
         ".py": HASH, ".sh": HASH, ".cmake": HASH, ".yaml": HASH, ".isa": HASH}
WITHOUT = ("firmware/*.h", "firmware/programs/*.yaml", "tests/*.yaml", ".pre-commit-config.yaml")


def mark_of(root, name):
    """How a comment begins in this file, or None if it is no source."""
    if any(fnmatch.fnmatch(name, pattern) for pattern in WITHOUT):
        return None
    path = pathlib.PurePosixPath(name)
    if path.name == "CMakeLists.txt":
        return HASH
    if path.suffix:
        return MARKS.get(path.suffix)
    with open(root / name, "rb") as file:
        return HASH if file.read(2) == b"#!" else None


def lines_of(file):
    return file.read_text(encoding="utf-8").splitlines(keepends=True)


def place(lines):
    return 1 if lines and lines[0].startswith("#!") else 0


def has_line(lines, mark):
    at = place(lines)
    return len(lines) > at and lines[at].rstrip("\n") == f"{mark} {LINE}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path("."), help="the tree (default: here)")
    parser.add_argument("--fix", action="store_true", help="write the line where it is missing")
    options = parser.parse_args()
    names = subprocess.run(["git", "-C", str(options.root), "ls-files", "-z"], capture_output=True, text=True, check=True)
    missing = 0
    for name in filter(None, names.stdout.split("\0")):
        file = options.root / name
        if not file.is_file() or not (mark := mark_of(options.root, name)):
            continue
        lines = lines_of(file)
        if has_line(lines, mark):
            continue
        if options.fix:
            lines.insert(place(lines), f"{mark} {LINE}\n")
            file.write_text("".join(lines), encoding="utf-8")
        else:
            missing += 1
            print(f"{name}:{place(lines) + 1}: expected the line '{mark} {LINE}': scripts/lint --fix writes it")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
