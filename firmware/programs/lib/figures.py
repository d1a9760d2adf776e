#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The numbers of a chip-scale program that has run: cycles of its parts, their rates at the tile's clock, their bounds.

    firmware/programs/lib/figures.py PROGRAM_FOLDER RESULT_FOLDER [--json]

A part ends when the last tile passes its mark; parts of one name (the turns of a loop) are added up.
"""
import argparse
import json
import pathlib

import numpy as np

BYTES_PER_WORD = 4


def parts(figures, marks):
    """Rows of the table, in the order in which the names first occur."""
    ends = np.max(marks.astype(np.int64), axis=0)
    rows = {}
    for mark, cycles in zip(figures["marks"], np.diff(ends, prepend=0)):
        row = rows.setdefault(mark["name"], {"name": mark["name"], "times": 0, "cycles": 0, "bound_cycles": None, "why": None,
                                             "work": {}})
        row["times"] += 1
        row["cycles"] += int(cycles)
        if mark["bound"] is not None:
            row["bound_cycles"] = (row["bound_cycles"] or 0) + mark["bound"]["cycles"]
            row["why"] = mark["bound"]["why"]
        for unit, count in mark["work"].items():
            row["work"][unit] = row["work"].get(unit, 0) + count
    for row in rows.values():
        rate = figures["clock_hz"] / row["cycles"]
        row["per_second"] = {unit: count * rate for unit, count in row["work"].items()}
        if "words" in row["work"]:
            row["bytes_per_cycle_and_tile"] = row["work"]["words"] * BYTES_PER_WORD / row["cycles"] / figures["tiles"]
    return list(rows.values())


def text(report):
    yield f"{report['program']} on {report['system']}: {report['tiles']} tiles at {report['clock_hz'] / 1e6:.0f} MHz"
    c = report["cycles"]
    yield f"cycles: total {c['total']}, compute {c['compute']}, sync {c['sync']}, exchange {c['exchange']}"
    for row in report["parts"]:
        line = f"  {row['name']:<16} {row['cycles']:>9} cycles"
        if row["times"] > 1:
            line += f" in {row['times']} turns"
        for unit, rate in row["per_second"].items():
            line += f", {row['work'][unit]} {unit} ({rate:.4g} per s)"
        if "bytes_per_cycle_and_tile" in row:
            bytes_per_second = row["per_second"]["words"] * BYTES_PER_WORD
            line += f", {row['bytes_per_cycle_and_tile']:.3f} B per cycle and tile, {bytes_per_second / 1e12:.3f} TB/s"
        if row["bound_cycles"]:
            line += f"; {row['bound_cycles'] / row['cycles']:.1%} of the bound of {row['bound_cycles']} ({row['why']})"
        yield line
    if report["per_second"]:
        yield f"  all parts: {report['parts_cycles']} cycles, " + ", ".join(
            f"{rate:.4g} {unit} per s" for unit, rate in report["per_second"].items())
    s = report["seconds"]
    yield "simulated in " + ", ".join(f"{key} {value:.2f} s" for key, value in s.items())
    if report["exchange_words"]:
        yield f"exchange: {report['exchange_words'] / s['run'] / 1e6:.2f} million words per second of simulation"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path, help="folder the generator wrote")
    parser.add_argument("results", type=pathlib.Path, help="folder `ipusim run --out` wrote")
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    arguments = parser.parse_args()
    figures = json.loads((arguments.program / "figures.json").read_text())
    result = json.loads((arguments.results / "result.json").read_text())
    rows = parts(figures, np.load(arguments.results / "outputs" / "cycle_marks.npy"))
    report = {key: figures[key] for key in ("program", "system", "tiles", "clock_hz")}
    total = sum(row["cycles"] for row in rows)
    report.update(parts_cycles=total,
                  per_second={unit: count * figures["clock_hz"] / total for unit, count in figures["work"].items()})
    report.update(cycles=result["cycles"], parts=rows, seconds=result["step_seconds"],
                  exchange_words=sum(row["work"].get("words", 0) for row in rows))
    print(json.dumps(report, indent=1) if arguments.json else "\n".join(text(report)))


if __name__ == "__main__":
    main()
