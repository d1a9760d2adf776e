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

SUITES = {"contract": ["tests/rtl_contract_test", "--gtest_brief=1", "--gtest_fail_fast"],
          "cases": ["tests/rtl_tile_test", "--gtest_brief=1", "--gtest_fail_fast"],
          "random": ["bin/ipu-random", "--bundles", "10000", "--seed", "1", "--shrink-runs", "0"]}
TARGETS = ("rtl_contract_test", "rtl_tile_test", "ipu-random")


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
    command = [arguments.verilator, "--lint-only", "-Wall", "--top-module", "ipu_tile_top", *map(str, sources)]
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


def rtl_hash(rtl):
    digest = hashlib.sha256()
    for path in sorted(rtl.rglob("*.sv")):
        digest.update(str(path.relative_to(rtl)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def run_suite(name, build, timeout):
    """None if the suite passes, else what it says."""
    command = [str(build / SUITES[name][0]), *SUITES[name][1:]]
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
    command = ["ninja", "-C", str(arguments.build), f"-j{arguments.jobs}", *TARGETS]
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


def run(arguments, faults):
    """Builds and tests every fault that has no result yet."""
    out = arguments.out
    copy = arguments.build / "rtl-with-fault"
    out.mkdir(parents=True, exist_ok=True)
    results_file = out / "results.json"
    results = json.loads(results_file.read_text(encoding="utf-8")) if results_file.exists() else {}
    for fault in faults:
        try:
            fault.place((arguments.rtl / fault.file).read_text(encoding="utf-8"))
        except (StaleFault, FileNotFoundError) as error:
            sys.exit(f"error: {error}: bring faults.txt up to date")
    state = rtl_hash(arguments.rtl)
    results = {name: r for name, r in results.items() if any(f.name == name for f in faults)}
    todo = [f for f in faults if not up_to_date(results.get(f.name), f, state, arguments.keep)]
    if todo:
        copy_rtl(arguments.rtl, copy)
        configure(arguments, copy)
        build_with(None, arguments, copy)
        for suite in SUITES:
            said = run_suite(suite, arguments.build, arguments.timeout)
            if said is not None:
                sys.exit(f"error: without a fault the suite '{suite}' fails: {said}")
    for number, fault in enumerate(todo, 1):
        begin = time.monotonic()
        build_with(fault, arguments, copy)
        found = {suite: run_suite(suite, arguments.build, arguments.timeout) for suite in SUITES}
        results[fault.name] = {"fault": [fault.file, fault.old, fault.new], "rtl": state, "found": found,
                               "seconds": round(time.monotonic() - begin, 1)}
        results_file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        write_table(out / "results.md", faults, results)
        told = ", ".join(s for s in SUITES if found[s]) or "MISSED"
        print(f"{number}/{len(todo)} {fault.name}: {told} ({results[fault.name]['seconds']} s)", flush=True)
    write_table(out / "results.md", faults, results)
    missed = [f.name for f in faults if not any(results[f.name]["found"].values())]
    print(f"{len(faults) - len(missed)} of {len(faults)} faults found" + (f"; missed: {', '.join(missed)}" if missed else ""))
    return 1 if missed else 0


def up_to_date(result, fault, state, keep):
    if result is None or set(result["found"]) != set(SUITES) or result["fault"] != [fault.file, fault.old, fault.new]:
        return False
    return keep or result["rtl"] == state


def write_table(path, faults, results):
    """The table in Markdown; a fault without a result says so."""
    lines = ["<!-- written by scripts/mutation -->",
             "| fault | breaks | contract cases | tile cases | 10,000 random bundles |", "|---|---|---|---|---|"]
    done = [f for f in faults if f.name in results]
    for fault in faults:
        cells = ["not run"] * len(SUITES)
        if fault in done:
            cells = ["found" if results[fault.name]["found"][suite] else "-" for suite in SUITES]
        lines.append(f"| `{fault.name}` | {fault.breaks} | {' | '.join(cells)} |")
    counts = [sum(1 for f in done if results[f.name]["found"][s]) for s in SUITES]
    found = sum(1 for f in done if any(results[f.name]["found"].values()))
    lines.append(f"| **{len(faults)} faults, {len(done)} run** | **found: {found}** | {' | '.join(map(str, counts))} |")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=("check", "run"))
    parser.add_argument("--source", type=Path, required=True, help="root of the project")
    parser.add_argument("--sources", type=Path, nargs="*", default=[], help="check: packages and modules, in order")
    parser.add_argument("--verilator", default="verilator")
    parser.add_argument("--build", type=Path, help="run: build tree of the changed RTL")
    parser.add_argument("--out", type=Path, help="run: where results.json and results.md go")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=120, help="seconds for a suite")
    parser.add_argument("--only", help="run: only faults whose name begins so")
    parser.add_argument("--keep", action="store_true", help="run: keep results of another state of the RTL")
    arguments = parser.parse_args()
    arguments.rtl = arguments.source / "rtl"
    faults = read_faults(arguments.source / "tb/mutation/faults.txt")
    if arguments.only:
        faults = [f for f in faults if f.name.startswith(arguments.only)]
    if arguments.mode == "check":
        return check(arguments, faults)
    return run(arguments, faults)


if __name__ == "__main__":
    sys.exit(main())
