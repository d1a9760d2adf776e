# SPDX-License-Identifier: Apache-2.0
"""Deliberate faults of the RTL (faults.txt): are they found? Used by scripts/mutation and by CTest."""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

GTEST = ("--gtest_brief=1", "--gtest_fail_fast")
RANDOM = ("--bundles", "10000", "--seed", "1", "--shrink-runs", "0")
# Programs of each suite; the units' tests are for faults in the folders of the units.
SUITES = {"contract": [("tests/rtl_contract_test", *GTEST)], "cases": [("tests/rtl_tile_test", *GTEST)],
          "units": [(f"tests/rtl_{name}_test", *GTEST)
                    for name in ("engine", "float", "function", "memory_ipu1", "memory_ipu2")],
          "random": [("bin/ipu-random", *RANDOM)]}
UNITS = ("engine/", "float/", "memory/")
# What a result depends on: the RTL and the suites.
STATE = ("rtl", "tb/random", "tb/lockstep", "tb/verilated", "tests/rtl", "tests/rtl_engine", "tests/rtl_float", "tests/rtl_memory",
         "tests/tile", "tests/tile_contract")


class StaleFault(Exception):
    """A fault that no longer fits the RTL."""


@dataclass(frozen=True)
class Fault:
    """One entry of faults.txt."""

    name: str
    file: str
    old: str
    new: str
    breaks: str

    def place(self, text):
        """Number of the line that holds `old`."""
        lines = [n for n, line in enumerate(text.split("\n")) if self.old in line]
        if len(lines) != 1 or text.count(self.old) != 1:
            raise StaleFault(f"{self.name}: the fragment occurs {text.count(self.old)} times in {self.file}")
        return lines[0]

    def suites(self):
        return [name for name in SUITES if name != "units" or self.file.startswith(UNITS)]

    def apply(self, rtl):
        path = rtl / self.file
        text = path.read_text(encoding="utf-8")
        self.place(text)
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


def read_faults(path):
    """The entries of faults.txt. Exits with a message if it is no such file."""
    faults, name, fields = [], None, {}

    def close():
        if name is None:
            return
        missing = [key for key in ("file", "old", "new", "breaks") if key not in fields]
        if missing:
            sys.exit(f"error: {path}: {name} lacks {', '.join(missing)}")
        if fields["old"] == fields["new"]:
            sys.exit(f"error: {path}: {name} changes nothing")
        faults.append(Fault(name, **fields))

    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            close()
            name, fields = line.strip(), {}
            if any(name == fault.name for fault in faults):
                sys.exit(f"error: {path}:{number}: {name} is there twice")
            continue
        key, _, value = line.strip().partition(" ")
        if name is None or key not in ("file", "old", "new", "breaks") or key in fields or not value.strip():
            sys.exit(f"error: {path}:{number}: not 'file', 'old', 'new' or 'breaks' of a fault")
        fields[key] = value.strip()
    close()
    return faults


def copy_rtl(source, target):
    """Makes `target` like `source`; files that are equal keep their time, so that nothing is built again."""
    wanted = {path.relative_to(source) for path in source.rglob("*.sv")}
    for path in list(target.rglob("*.sv")):
        if path.relative_to(target) not in wanted:
            path.unlink()
    for name in wanted:
        old, new = target / name, source / name
        if not old.exists() or old.read_bytes() != new.read_bytes():
            old.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(new, old)


def batches(faults, rtl):
    """Groups of faults that touch different lines, so that one lint run tells about many."""
    groups = []
    for fault in faults:
        place = (fault.file, fault.place((rtl / fault.file).read_text(encoding="utf-8")))
        for group, places in groups:
            if place not in places:
                group.append(fault)
                places.add(place)
                break
        else:
            groups.append(([fault], {place}))
    return [group for group, _ in groups]


def lint(arguments, rtl):
    """What Verilator says against the changed copy `rtl`, if anything."""
    sources = [rtl / path.relative_to(arguments.rtl) if path.is_relative_to(arguments.rtl) else path
               for path in arguments.sources]
    # What packages include lies beside the first, which is generated.
    command = [arguments.verilator, "--lint-only", "-Wall", "--top-module", "ipu_tile_top", f"-I{sources[0].parent}",
               *map(str, sources)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stderr if result.returncode != 0 else ""


def check(arguments, faults):
    """Every fault still applies, and the changed RTL passes lint."""
    try:
        groups = batches(faults, arguments.rtl)
    except (StaleFault, FileNotFoundError) as error:
        sys.exit(f"error: {error}")
    for group in groups:
        with tempfile.TemporaryDirectory() as directory:
            rtl = Path(directory)
            copy_rtl(arguments.rtl, rtl)
            for fault in group:
                fault.apply(rtl)
            message = lint(arguments, rtl)
            if message:
                sys.exit(f"error: with {', '.join(f.name for f in group)}:\n{message}")
    print(f"{len(faults)} faults apply and pass lint")


def state_hash(source):
    """Of the sources a result depends on."""
    digest = hashlib.sha256()
    for path in sorted(p for folder in STATE for p in (source / folder).rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(source)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def commit_of(source):
    """The commit the sources stand at, with a plus sign if what a result depends on is not as committed."""
    def git(*words):
        result = subprocess.run(["git", "-C", str(source), *words], capture_output=True, text=True, check=False)
        return result.stdout.strip() if result.returncode == 0 else None

    commit = git("rev-parse", "--short=7", "HEAD")
    if commit is None:
        return "unknown"
    return commit + ("+" if git("status", "--porcelain", "--", *STATE) else "")


def run_suite(name, build, timeout):
    """None if the suite passes, else what it says."""
    for program, *options in SUITES[name]:
        said = run_program([str(build / program), *options], timeout)
        if said is not None:
            return said
    return None


def run_program(command, timeout):
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return "does not end"
    if result.returncode == 0:
        return None
    lines = [line.strip() for line in (result.stdout + result.stderr).split("\n")]
    for mark in ("[  FAILED  ]", "seed ", "Assertion failed", "error"):
        for line in lines:
            if mark in line:
                return line.removeprefix("[  FAILED  ]").strip()[:160]
    return f"exit code {result.returncode}"


def build_with(fault, arguments, copy):
    copy_rtl(arguments.rtl, copy)
    if fault is not None:
        fault.apply(copy)
    suites = fault.suites() if fault else SUITES
    targets = [Path(program).name for suite in suites for program, *_ in SUITES[suite]]
    command = ["ninja", "-C", str(arguments.build), f"-j{arguments.jobs}", *targets]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"error: {fault.name if fault else 'the RTL itself'} does not build:\n{result.stdout[-3000:]}")


def configure(arguments, copy):
    if (arguments.build / "build.ninja").exists():
        return
    command = ["cmake", "-S", str(arguments.source), "-B", str(arguments.build), "-G", "Ninja",
               "-DCMAKE_BUILD_TYPE=Release", f"-DIPUSIM_RTL_SOURCES={copy}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"error: {result.stderr}")


def recorded(arguments, faults):
    """The results there are: those of `out`, else the documented ones, of faults that still are what they were."""
    files = [arguments.out / "results.json", arguments.source / "tb/mutation/results.json"]
    found = next((file for file in files if file.exists()), None)
    results = json.loads(found.read_text(encoding="utf-8")) if found else {}
    return {f.name: results[f.name] for f in faults
            if f.name in results and results[f.name]["fault"] == [f.file, f.old, f.new]}


def to_do(arguments, faults, results, state):
    """The faults to run: those chosen that have no result the options let count."""
    def counts(fault):
        result = results.get(fault.name)
        if result is None:
            return False
        if arguments.missed:
            return any(result["found"].values())
        return arguments.keep or (result["state"] == state and list(result["found"]) == fault.suites())

    return [f for f in faults if f.name.startswith(tuple(arguments.only)) and not counts(f)]


def check_without_fault(arguments, copy):
    """Puts the unchanged RTL into the build tree, where all suites must pass."""
    copy_rtl(arguments.rtl, copy)
    configure(arguments, copy)
    build_with(None, arguments, copy)
    for suite in SUITES:
        said = run_suite(suite, arguments.build, arguments.timeout)
        if said is not None:
            sys.exit(f"error: without a fault the suite '{suite}' fails: {said}")


def run(arguments, faults):
    """Builds and tests the chosen faults; what there is of the others stays."""
    out = arguments.out
    copy = arguments.build / "rtl-with-fault"
    out.mkdir(parents=True, exist_ok=True)
    for fault in faults:
        try:
            fault.place((arguments.rtl / fault.file).read_text(encoding="utf-8"))
        except (StaleFault, FileNotFoundError) as error:
            sys.exit(f"error: {error}: bring faults.txt up to date")
    state, commit = state_hash(arguments.source), commit_of(arguments.source)
    results = recorded(arguments, faults)
    todo = to_do(arguments, faults, results, state)
    if todo:
        check_without_fault(arguments, copy)
    begin = time.monotonic()
    for number, fault in enumerate(todo, 1):
        if time.monotonic() - begin > 60 * arguments.minutes:
            print(f"{len(todo) - number + 1} faults left for another time")
            break
        build_with(fault, arguments, copy)
        found = {suite: run_suite(suite, arguments.build, arguments.timeout) for suite in fault.suites()}
        results[fault.name] = {"fault": [fault.file, fault.old, fault.new], "state": state, "commit": commit, "found": found}
        write_results(out, faults, results)
        print(f"{number}/{len(todo)} {fault.name}: {', '.join(s for s in found if found[s]) or 'MISSED'}", flush=True)
    write_results(out, faults, results)
    missed = [name for name, result in results.items() if not any(result["found"].values())]
    print(f"{len(faults)} faults, {len(results)} with a result, {len(results) - len(missed)} found" +
          (f"; missed: {', '.join(missed)}" if missed else ""))
    return 1 if missed else 0


def write_results(out, faults, results):
    """results.json and the table in Markdown; a fault without a result says so."""
    (out / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    lines = ["<!-- written by scripts/mutation -->",
             "| fault | breaks | contract cases | tile cases | units' tests | 10,000 random bundles | run at |",
             "|---|---|---|---|---|---|---|"]
    done = [f for f in faults if f.name in results]
    for fault in faults:
        cells = ["not run", "", "", "", ""]
        if fault in done:
            found = results[fault.name]["found"]
            cells = [("found" if found[suite] else "-") if suite in found else "" for suite in SUITES]
            cells.append(results[fault.name]["commit"])
        lines.append(f"| `{fault.name}` | {fault.breaks} | {' | '.join(cells)} |")
    counts = [sum(1 for f in done if results[f.name]["found"].get(s)) for s in SUITES]
    found = sum(1 for f in done if any(results[f.name]["found"].values()))
    lines.append(f"| **{len(faults)} faults, {len(done)} run** | **found: {found}** | {' | '.join(map(str, counts))} | |")
    (out / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=("check", "run"))
    parser.add_argument("--source", type=Path, required=True, help="root of the project")
    parser.add_argument("--sources", type=Path, nargs="*", default=[], help="check: packages and modules, in order")
    parser.add_argument("--verilator", default="verilator")
    parser.add_argument("--build", type=Path, help="run: build tree of the changed RTL")
    parser.add_argument("--out", type=Path, help="run: where results.json and results.md go")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=300, help="seconds for a suite")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="run: no new fault after these")
    parser.add_argument("--only", action="append", default=[], help="run: only faults whose name begins so")
    parser.add_argument("--keep", action="store_true", help="run: results of another state of the sources count")
    parser.add_argument("--missed", action="store_true", help="run: only faults missed before, or never run")
    arguments = parser.parse_args()
    arguments.rtl = arguments.source / "rtl"
    faults = read_faults(arguments.source / "tb/mutation/faults.txt")
    arguments.only = arguments.only or [""]
    if arguments.mode == "check":
        return check(arguments, faults)
    return run(arguments, faults)


if __name__ == "__main__":
    sys.exit(main())
