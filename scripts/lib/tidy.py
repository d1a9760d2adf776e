#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over the C++ of isa, systemc, firmware, tb and apps, as scripts/lint --tidy and the test `tidy` ask for it.

  headers   every public header, in one translation unit: interfaces, templates, inline code
  changed   sources that differ from REV, or are not committed yet
  all       every source
  FILE...   these

The compile commands are GCC's: what clang does not know of them is left out. Tests are not looked at: they are compiled
with GCC's precompiled headers, and half of their time is GoogleTest's.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

FOLDERS = ("isa", "systemc", "firmware", "tb", "apps")
GCC_ONLY = re.compile(r"-W(no-)?(duplicated-cond|logical-op|restrict|maybe-uninitialized)|-fpch-preprocess|-Werror|-fno-sanitize.*")
DROPPED_WITH_VALUE = ("-o", "-MF", "-MT")


def compile_commands(build, root):
    """Source below FOLDERS, relative to the tree, and the words of its compile command without GCC's own."""
    result = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = pathlib.Path(entry["file"])
        if not file.is_relative_to(root) or file.relative_to(root).parts[0] not in FOLDERS:
            continue
        words, kept = iter(shlex.split(entry["command"])), []
        for word in words:
            if word in DROPPED_WITH_VALUE:
                next(words)
            elif not GCC_ONLY.fullmatch(word):
                kept.append(word)
        # The launcher (cmake -E env ... ccache) stands before the compiler.
        while kept and not re.search(r"(\+\+|g\+\+-\d+)$", kept[0]):
            kept.pop(0)
        result[str(file.relative_to(root))] = kept
    return result


def public_headers(root):
    return sorted(str(header.relative_to(root)) for folder in FOLDERS
                  for header in (root / folder).glob("**/include/ipusim/**/*.hpp"))


def header_unit(folder, commands, root):
    """A source that includes every public header, and a command with every include folder of the tree."""
    source = folder / "public_headers.cpp"
    headers = public_headers(root)
    source.write_text("".join(f'#include "{re.sub(r".*/include/", "", header)}"\n' for header in headers))
    words = ["c++", "-std=c++20"]
    for kept in commands.values():
        following = iter(kept)
        for word in following:
            pair = [word, next(following)] if word == "-isystem" else [word]
            if word.startswith(("-I", "-D", "-isystem")) and pair[-1] not in words:
                words += pair
    return source, [*words, "-c", str(source)]


def changed_since(revision, root):
    lists = [["git", "diff", "--name-only", "--diff-filter=d", revision], ["git", "ls-files", "--others", "--exclude-standard"]]
    return {name for words in lists
            for name in subprocess.run(words, cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()}


def write_database(folder, root, units):
    database = [{"directory": str(root), "file": str(file), "arguments": words} for file, words in units]
    (folder / "compile_commands.json").write_text(json.dumps(database, indent=1))


def tidy(program, folder, file, root):
    """What clang-tidy says of one file, and whether it is clean."""
    words = [program, "-p", str(folder), "--quiet", f"--config-file={root / '.clang-tidy'}", str(file)]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True)
    # A header's finding stands once, whoever includes it; counts of suppressed ones are no news.
    noise = re.compile(r"^\d+ warnings? generated\.$|^Suppressed |^Use -header-filter", re.M)
    text = "\n".join(line for line in (done.stdout + done.stderr).splitlines() if not noise.match(line))
    return text, done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="+", help="headers, changed, all, or sources")
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="a build tree with compile_commands.json")
    parser.add_argument("--since", default="HEAD", metavar="REV")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    program = shutil.which("clang-tidy")
    if not program:
        sys.exit("clang-tidy is missing: apt-get install clang-tidy")
    root, build = options.root.resolve(), options.build.resolve()
    if not (build / "compile_commands.json").exists():
        print(f"{build}/compile_commands.json: there is none: configure the build tree first (scripts/test)", file=sys.stderr)
        return 2
    folder = build / "tidy"
    folder.mkdir(exist_ok=True)
    commands = compile_commands(build, root)
    units = [(root / name, words) for name, words in commands.items()]
    wanted = []
    for what in options.what:
        if what == "headers":
            units.append(header_unit(folder, commands, root))
            wanted.append(units[-1][0])
        elif what == "all":
            wanted += [root / name for name in commands]
        elif what == "changed":
            wanted += [root / name for name in sorted(changed_since(options.since, root) & commands.keys())]
        elif what in commands:
            wanted.append(root / what)
        else:
            print(f"{what}: no source that the build compiles below {', '.join(FOLDERS)}", file=sys.stderr)
            return 2
    write_database(folder, root, units)
    clean = True
    told = set()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for text, good in pool.map(lambda file: tidy(program, folder, file, root), wanted):
            clean = clean and good
            if text.strip() and text not in told:
                told.add(text)
                print(text, flush=True)
    print(f"clang-tidy: {len(wanted)} looked at, {'clean' if clean else 'findings above'}")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
