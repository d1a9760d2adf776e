#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Where the cycles of a GEMM that has run went: share.py PROGRAM_FOLDER RESULT_FOLDER

Of the tile's marks and of counts: a launch's coefficients are 32 loads; rows and columns that fill up the last block are products
that the result does not need."""
import argparse
import json
import pathlib

import numpy as np

COEFFICIENT_CYCLES = 32      # of a group: 512 bytes, 16 a cycle
MACS_PER_CYCLE = 64
FLOP_PER_MAC = 2


def rows(shape, figures, result, marks):
    """What took how many cycles; they add up to the total."""
    total = result["cycles"]["total"]
    ends = np.max(marks.astype(np.int64), axis=0)
    parts = {}
    for mark, cycles in zip(figures["marks"], np.diff(ends, prepend=0)):
        parts[mark["name"]] = parts.get(mark["name"], 0) + int(cycles)
    ideal = round(shape["ideal_cycles"])
    calls = shape["panels"] * shape["groups"]
    products = shape["model"]["products"]
    yield "products", ideal
    yield "products beyond the edges of c", products - ideal
    yield f"coefficients, {calls} times", calls * COEFFICIENT_CYCLES
    yield f"launches and ends of {calls} groups, starts of {shape['panels']} panels", (
        parts["multiply"] - products - calls * COEFFICIENT_CYCLES)
    for name, cycles in parts.items():
        if name != "multiply":
            yield name + (" with its syncs" if name.startswith("exchange") else ""), cycles
    yield "meetings with the host", total - int(ends[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path, help="folder the generator wrote")
    parser.add_argument("results", type=pathlib.Path, help="folder `ipusim run --out` wrote")
    arguments = parser.parse_args()
    shape, figures = (json.loads((arguments.program / name).read_text()) for name in ("shape.json", "figures.json"))
    result = json.loads((arguments.results / "result.json").read_text())
    total, seconds = result["cycles"]["total"], result["step_seconds"]["run"]
    peak = FLOP_PER_MAC * MACS_PER_CYCLE * figures["tiles"] * figures["clock_hz"]
    flop = FLOP_PER_MAC * float(np.prod(shape["size"]))
    print(f"{shape['size'][0]} x {shape['size'][1]} x {shape['size'][2]} on {shape['layers']} layers of {shape['rows']} x "
          f"{shape['columns']} tiles: {total} cycles, {flop / total * figures['clock_hz'] / 1e12:.1f} TFLOPS, "
          f"{flop / total * figures['clock_hz'] / peak:.1%} of {peak / 1e12:.1f}; the model said {sum(shape['model'].values())}")
    for name, cycles in rows(shape, figures, result, np.load(arguments.results / "outputs" / "cycle_marks.npy")):
        print(f"  {cycles:>9} cycles {cycles / total:7.2%}  {name}")
    bundles = figures["tiles"] * shape["bundles"]
    print(f"simulated in {seconds:.1f} s: {bundles / seconds / 1e6:.1f} million bundles of the product per second")


if __name__ == "__main__":
    main()
