#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the softmax program for a system: rows spread over all its tiles, and their softmax by numpy in f64."""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import chip_program as chip  # noqa: E402

SEED = 4
LARGEST = 4.0    # of the elements
RELATIVE = 1e-6  # README.md
WORKERS = 6


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--columns", type=int, default=8, help="columns of each row on a tile, even, at least 4")
    arguments = parser.parse_args()
    system, columns = arguments.system, arguments.columns
    tiles = rows = system.tiles
    matrix = np.random.RandomState(SEED).uniform(-LARGEST, LARGEST, (rows, tiles * columns)).astype(np.float32)
    wide = matrix.astype(np.float64)
    exponentials = np.exp(wide - wide.max(axis=1, keepdims=True))
    expected = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)

    def parts(array):
        """[row][column] -> [tile][row and own column]"""
        return array.reshape(rows, tiles, columns).transpose(1, 0, 2).reshape(tiles, -1)

    program = chip.ProgramFile("softmax", f"softmax of {rows} rows of {tiles * columns} f32, each spread over all tiles", system,
                               arguments.out)
    program.image([HERE / "main.S", HERE / "rows.S", chip.CODELETS / "max_f32.S", chip.CODELETS / "sum_f32.S"],
                  defines={"ROWS": rows, "COLUMNS": columns})
    program.phase("scatter", "all_to_all", "partial", "parts", tiles="all", words=1)
    program.phase("gather", "all_gather", "reduced", "row_values", tiles="all", words=1)
    program.load("matrix", parts(matrix), "f32")
    program.read("matrix", "matrix", "f32", rows * columns)
    program.expect("softmax as by numpy", "matrix", parts(expected), relative=RELATIVE)

    elements = tiles * rows * columns
    turns = -(-rows // WORKERS) * WORKERS * columns // 2  # of the workers, per pair
    exchange = chip.exchange_cycles_bound(tiles - 1, tiles - 1)
    words = tiles * (tiles - 1)
    program.mark("row maxima", bound=(turns, "an operation per pair"), elements=elements)
    for name in ("maxima", "sums"):
        if name == "sums":
            program.mark("exponentials", bound=(8 * turns, "eight turns of operations per pair"), elements=elements)
        program.mark(f"{name}: scatter", bound=exchange, words=words)
        program.mark(f"{name}: reduce")
        program.mark(f"{name}: gather", bound=exchange, words=words)
    program.mark("scale", bound=(2 * turns, "a load and a store per pair"), elements=elements)
    least = 11 * turns + 4 * exchange[0]
    per_row = 30 * WORKERS * -(-rows // WORKERS)  # what the three passes take for a row beside its pairs
    program.expect_cycles(at_most=1.1 * least + per_row + 2 * rows + 6000, at_least=least)
    program.write()


if __name__ == "__main__":
    main()
