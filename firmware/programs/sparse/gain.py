#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gain of sparse weights over dense ones in a run: gain.py PROGRAM_FOLDER RESULT_FOLDER"""
import argparse
import json
import pathlib

import numpy as np

MACS_PER_CYCLE = 64


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path, help="folder the generator wrote")
    parser.add_argument("results", type=pathlib.Path, help="folder `ipusim run --out` wrote")
    arguments = parser.parse_args()
    figures = json.loads((arguments.program / "figures.json").read_text())
    ends = np.max(np.load(arguments.results / "outputs" / "cycle_marks.npy").astype(np.int64), axis=0)
    gather, *products = np.diff(ends, prepend=0)
    print(f"{figures['tiles']} tiles; gathering x: {gather} cycles")
    for mark, cycles in zip(figures["marks"][1:], products):
        share = mark["work"]["flop"] / 2 / MACS_PER_CYCLE / figures["tiles"] / cycles
        print(f"{mark['name']}: {cycles} cycles, {share:.1%} of peak in the blocks that are there; "
              f"{products[0] / cycles:.2f} times as fast as dense, {(products[0] + gather) / (cycles + gather):.2f} with the gathering")


if __name__ == "__main__":
    main()
