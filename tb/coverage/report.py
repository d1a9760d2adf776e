# SPDX-License-Identifier: Apache-2.0
"""One page about what tests reached: lines and toggles of the RTL, situations of random programs. Used by scripts/coverage."""
import argparse
import fnmatch
import html
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

# What a coverage point of Verilator says of itself: \x01 key \x02 value.
FIELD = re.compile("\x01([^\x02]*)\x02([^\x01]*)")
# A reason that begins so tells why something that can be reached was not; it does not better the percentage.
NOT_MET = "not met: "
STYLE = """body{font:14px sans-serif;max-width:70em;margin:2em auto}table{border-collapse:collapse;margin:1em 0}
td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left}td.n{text-align:right}pre{margin:0}
.bad{background:#fdd}.ok{background:#dfd}.why{color:#555}details{margin:.5em 0}"""


class Group:
    """Items of one kind with their counts."""

    def __init__(self, name):
        self.name = name
        self.counts = {}
        self.reasons = {}  # of what cannot be reached
        self.not_met = {}  # of what can, but was not

    def add(self, item, count):
        self.counts[item] = self.counts.get(item, 0) + count

    def hit(self):
        return sum(1 for count in self.counts.values() if count)

    def explained(self):
        return len(self.reasons)

    def open(self):
        return sorted(item for item, count in self.counts.items()
                      if not count and item not in self.reasons and item not in self.not_met)

    def percent(self):
        reachable = len(self.counts) - self.explained()
        return 100.0 if reachable == 0 else 100.0 * self.hit() / reachable

    def numbers(self):
        return {"items": len(self.counts), "reached": self.hit(), "explained": self.explained(), "not_met": len(self.not_met),
                "percent": round(self.percent(), 2)}


def read_points(path, groups):
    """Adds the points of one file of Verilator's: lines, toggles, rows of generated tables."""
    sources = {}
    for row in path.read_text(encoding="utf-8").split("\n"):
        if not row.startswith("C '"):
            continue
        text, _, count = row[3:].rpartition("' ")
        fields = dict(FIELD.findall(text))
        file = Path(fields["f"])
        name = "/".join(file.parts[-2:])
        if fields["page"].startswith("v_toggle"):
            groups["toggle"].add(f"{name} {fields['o']}", int(count))
            continue
        if name not in sources:
            sources[name] = file.read_text(encoding="utf-8").split("\n")
        number = int(fields["l"])
        kind = fields.get("o", "")
        group = groups["table" if file.parent.name == "generated" else "line"]
        group.add(f"{name}:{number} [{kind}] {sources[name][number - 1].strip()}", int(count))


def read_reasons(path):
    """(group, pattern, reason) per line 'group pattern | reason'."""
    reasons = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("#") or not line.strip():
            continue
        left, bar, reason = line.partition(" | ")
        group, space, pattern = left.strip().partition(" ")
        if not bar or not space or not reason.strip():
            sys.exit(f"error: {path}:{number}: not 'group pattern | reason'")
        reasons.append((group, pattern.strip(), reason.strip()))
    return reasons


def explain(groups, reasons):
    """Gives items that were not reached their reason; returns the reasons that explain nothing."""
    useless = []
    for name, pattern, reason in reasons:
        found = False
        group = groups.get(name)
        # '[' is ordinary in names of signals.
        matcher = re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
        for item, count in group.counts.items() if group else ():
            if not count and matcher.match(item):
                (group.not_met if reason.startswith(NOT_MET) else group.reasons).setdefault(item, reason)
                found = True
        if not found:
            useless.append(f"{name} {pattern}")
    return useless


def by_file(group):
    files = defaultdict(lambda: [0, 0, 0])
    for item, count in group.counts.items():
        entry = files[item.split(" ")[0].split(":")[0]]
        entry[0] += 1
        entry[1] += 1 if count else 0
        entry[2] += 1 if item in group.reasons else 0
    return files


def signals(items):
    """'file signal' -> bits, from toggle items 'file signal[bit]'."""
    found = defaultdict(list)
    for item in items:
        name, _, bit = item.partition("[")
        found[name].append(bit.rstrip("]"))
    return {name: ("" if bits == [""] else f" bits {', '.join(bits[:40])}") for name, bits in found.items()}


def table(rows, head):
    out = ["<table><tr>" + "".join(f"<th>{h}</th>" for h in head) + "</tr>"]
    for row in rows:
        cells = [f"<td{' class=n' if isinstance(c, (int, float)) else ''}>{c if isinstance(c, (int, float)) else html.escape(str(c))}</td>"
                 for c in row]
        out.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join(out) + "</table>"


def page(groups, useless, summary, about):
    rtl = [groups["line"], groups["toggle"]]
    out = ["<!doctype html><meta charset=utf-8><title>Coverage of the tile</title>", f"<style>{STYLE}</style>",
           "<h1>Coverage of the tile</h1>", f"<p>{html.escape(summary)}</p><p>{html.escape(about)}</p>"]
    rows = [(g.name, len(g.counts), g.hit(), g.explained(), len(g.not_met), len(g.open()), f"{g.percent():.1f} %")
            for g in groups.values()]
    out.append(table(rows, ("group", "items", "reached", "cannot be, with a reason", "not met, with a reason", "without a reason",
                            "of what can be")))
    out.append("<h2>RTL by file</h2>")
    line_files, toggle_files = by_file(rtl[0]), by_file(rtl[1])
    rows = []
    for file in sorted(set(line_files) | set(toggle_files)):
        l, t = line_files[file], toggle_files[file]
        rows.append((file, f"{l[1]}/{l[0] - l[2]}", f"{t[1]}/{t[0] - t[2]}"))
    out.append(table(rows, ("file", "lines", "toggles")))
    for group in groups.values():
        left = group.open()
        if group.name == "toggle":
            left = [f"{name}{bits}" for name, bits in signals(left).items()]
        if left:
            out.append(f"<details open><summary><b>{group.name}</b>: not reached, without a reason: {len(left)}</summary><ul>")
            out += [f"<li class=bad>{html.escape(item)}</li>" for item in left]
            out.append("</ul></details>")
        for what, reasons in (("cannot be reached", group.reasons), ("not reached", group.not_met)):
            if not reasons:
                continue
            by_reason = defaultdict(list)
            for item, reason in sorted(reasons.items()):
                by_reason[reason].append(item)
            out.append(f"<details><summary><b>{group.name}</b>: {what}: {len(reasons)}</summary><ul>")
            out += [f"<li class=why>{html.escape(reason)}: {html.escape(', '.join(items))}</li>" for reason, items in by_reason.items()]
            out.append("</ul></details>")
    if useless:
        out.append("<h2>Reasons that explain nothing any more</h2><ul>")
        out += [f"<li>{html.escape(u)}</li>" for u in useless] + ["</ul>"]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=Path, required=True, help="directory of Verilator's *.dat")
    parser.add_argument("--situations", type=Path, nargs="*", default=[], help="JSON of ipu-random --coverage")
    parser.add_argument("--reasons", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="directory for coverage.html and coverage.json")
    parser.add_argument("--about", default="", help="what was run")
    arguments = parser.parse_args()
    groups = {name: Group(name) for name in ("line", "toggle", "table")}
    files = sorted(arguments.points.glob("*.dat"))
    if not files:
        sys.exit(f"error: no coverage points in {arguments.points}")
    for file in files:
        read_points(file, groups)
    for file in arguments.situations:
        for name, items in json.loads(file.read_text(encoding="utf-8")).items():
            group = groups.setdefault(name, Group(name))
            for item, count in items.items():
                group.add(item, count)
    useless = explain(groups, read_reasons(arguments.reasons))
    functional = Group("functional")
    for name, group in groups.items():
        if name not in ("line", "toggle", "table"):
            functional.counts.update({f"{name} {i}": c for i, c in group.counts.items()})
            functional.reasons.update({f"{name} {i}": r for i, r in group.reasons.items()})
            functional.not_met.update({f"{name} {i}": r for i, r in group.not_met.items()})
    summary = "coverage: " + ", ".join(
        f"{what} {g.percent():.1f} % ({g.hit()} of {len(g.counts) - g.explained()})"
        for what, g in (("RTL lines", groups["line"]), ("RTL toggles", groups["toggle"]), ("situations", functional)))
    bare = sum(len(group.open()) for group in groups.values())
    summary += f"; not reached and without a reason: {bare}"
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "coverage.html").write_text(page(groups, useless, summary, arguments.about), encoding="utf-8")
    numbers = {name: group.numbers() | {"open": group.open()} for name, group in groups.items()}
    (arguments.out / "coverage.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    print(summary)


if __name__ == "__main__":
    main()
