#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what configs/published states and writes docs/validation.json and docs/validation.md (scripts/validate)."""
import argparse
import json
import pathlib
import sys
import tempfile
import time

import figures
import page
import programs
import rows

PUBLISHED = programs.ROOT / "configs" / "published"
LATENCIES_OF = "c600"


def ratio_of(measured, published):
    return None if isinstance(published, list) else round(measured / published, 6)


def fits(measured, entry):
    """Whether the measured value, rounded to the digits that were given, is the published one."""
    if isinstance(entry["value"], list):
        return entry["value"][0] <= measured <= entry["value"][1]
    places = len(entry["text"].partition(".")[2])
    return abs(measured - entry["value"]) <= 0.5 * 10**-places + 1e-9


def row_of(chip, key, entry):
    row = rows.ROWS[key]
    start = time.monotonic()
    measured = round(row["measure"](chip), 6)
    print(f"{chip.name} {key}: {measured} ({time.monotonic() - start:.1f} s)", file=sys.stderr, flush=True)
    return {"key": key, "title": row["title"], "published": entry["text"], "unit": entry["unit"],
            "source": entry["source"], "measured": measured, "ratio": ratio_of(measured, entry["value"]),
            "fits": fits(measured, entry), "condition": row["condition"](chip), "quick": row["quick"]}


def published_of(name):
    entries = figures.read(PUBLISHED / f"{name}.yaml")
    for key in entries:
        if key not in rows.ROWS:
            raise ValueError(f"{PUBLISHED / name}.yaml: nothing measures '{key}'; add it to rows.py")
    return entries


def measure(machine, names):
    report = {"chips": {}, "latencies": [], "not_measured": [list(row) for row in rows.NOT_MEASURED]}
    for name in names:
        chip = rows.Chip(machine, name)
        entries = published_of(name)
        report["chips"][name] = {"tiles": chip.tiles, "clock_hz": chip.clock_hz,
                                 "figures": [row_of(chip, key, entries[key]) for key in rows.ROWS if key in entries]}
        if name == LATENCIES_OF:
            report["latencies"] = rows.latency_rows(chip, figures.read_latencies(PUBLISHED / "c600_latency.csv"))
    return report


def check(machine, report):
    """Differences between the report and the data, the page, and quick measurements made again; none is right."""
    wrong = []
    for name, chip in report["chips"].items():
        entries = published_of(name)
        told = {row["key"]: row for row in chip["figures"]}
        if told.keys() != entries.keys():
            wrong.append(f"{name}: figures {sorted(told.keys() ^ entries.keys())} are on one side only")
        own = rows.Chip(machine, name)
        for key, row in told.items():
            entry = entries.get(key, {})
            if any(row[field] != entry.get(of) for field, of in
                   (("published", "text"), ("unit", "unit"), ("source", "source"))):
                wrong.append(f"{name} {key}: the data file has {entry}")
            if row["quick"] and row != (again := row_of(own, key, entry)):
                wrong.append(f"{name} {key}: measured again {again['measured']}, the page has {row['measured']}")
    table = figures.read_latencies(PUBLISHED / "c600_latency.csv")
    if [{key: row[key] for key in ("table", "from", "to", "cycles")} for row in report["latencies"]] != table:
        wrong.append("the latencies are not those of c600_latency.csv")
    wrong += check_latencies(machine, report["latencies"])
    if (programs.ROOT / "docs/validation.md").read_text(encoding="utf-8") != page.text(report):
        wrong.append("docs/validation.md is not the page of docs/validation.json")
    return wrong


def check_latencies(machine, told):
    """Measures the tables again, on a system of their places."""
    where = sorted({row[end] for row in told for end in ("from", "to")})
    system = machine.folder / "places.yaml"
    system.write_text(f"system: places\npart: {programs.ROOT}/configs/parts/c600.yaml\n"
                      f"tiles: {{kind: fast, numbering: physical, places: {where}}}\n", encoding="utf-8")
    found = programs.latencies(machine, system, len(where))
    return [f"{row['from']} -> {row['to']}: measured again {found[row['from'], row['to']]}, the page has {row['measured']}"
            for row in told if row["measured"] != found[row["from"], row["to"]]]


def write_page(report):
    (programs.ROOT / "docs/validation.md").write_text(page.text(report), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ipusim", required=True, help="the program")
    parser.add_argument("--check", action="store_true", help="hold the page against its data, measure quick rows again")
    parser.add_argument("--page", action="store_true", help="write the page anew from the JSON file, measure nothing")
    parser.add_argument("--json", type=pathlib.Path, default=programs.ROOT / "docs/validation.json")
    parser.add_argument("--chips", nargs="+", choices=rows.CHIPS, help="measure these only and keep the others' rows")
    options = parser.parse_args()
    if options.page:
        write_page(json.loads(options.json.read_text(encoding="utf-8")))
        return 0
    with tempfile.TemporaryDirectory(prefix="ipusim_validate_") as folder:
        machine = programs.Machine(options.ipusim, folder)
        if options.check:
            wrong = check(machine, json.loads(options.json.read_text(encoding="utf-8")))
            print("\n".join(wrong) or "docs/validation.md holds")
            return 1 if wrong else 0
        report = measure(machine, options.chips or rows.CHIPS)
    if options.chips and options.json.exists():
        before = json.loads(options.json.read_text(encoding="utf-8"))
        chips = {**before["chips"], **report["chips"]}
        report["chips"] = {name: chips[name] for name in rows.CHIPS if name in chips}
        report["latencies"] = report["latencies"] or before["latencies"]
    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    write_page(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
