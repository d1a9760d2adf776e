#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the sparse program for a system: y = x * w with 0, 50, 75 and 90 % of w's blocks of 16 x 16 zero, and numpy's y.

Tiles stand in a grid. Those of a row have the rows of one part of x, each a piece of it; those of a column have the same columns of
w. Every tile has the same number of blocks, drawn at random."""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
sys.path.insert(0, str(HERE.parent / "gemm"))
import chip_program as chip  # noqa: E402
from coefficients import coefficients  # noqa: E402

SEED = 90
SIDE, WORKERS = 16, 6        # of a block
BLOCK_BYTES, BYTES = 512, 2
ZEROS = (0, 50, 75, 90)      # per cent of the blocks
WHOLE_X, WHOLE_W = 3, 2      # largest magnitudes
EXACT_IN_F16 = 2048          # all whole numbers up to here
GAP_BYTES = 64               # in front of a worker's y: product.S
MOST_STRIDE = 511            # in words of 8 bytes: ten bits with a sign
BLOCK_CYCLES = 84            # of product.S beside a block's rows; and of a density beside its blocks
DENSITY_CYCLES = 220


def random_blocks(random, inputs, outputs, zeros):
    """Which blocks of a tile's share of w are there: [block row][block column], the same number whatever the draw."""
    count = inputs * outputs
    there = np.zeros(count, bool)
    there[random.permutation(count)[:round(count * (100 - zeros) / 100)]] = True
    return there.reshape(outputs, inputs)


def jumps(rows, columns, worker_rows):
    """The table of product.S for blocks in this order: where the first one begins, then a line for each."""
    words, x_bytes = 4 * worker_rows, worker_rows * SIDE * BYTES
    panel_bytes = WORKERS * x_bytes
    # From the end of one block's sums to the begin of the next one's: a stride takes the place of going on by 1.
    strides = (np.diff(rows) - 1) * words + 1
    assert len(strides) and np.abs(strides).max() <= MOST_STRIDE, "too few blocks, or too far apart"
    to_next = [*np.diff(columns) * panel_bytes - x_bytes, -x_bytes]
    table = [columns[0] * panel_bytes, rows[0] * x_bytes]
    for x, sums, results in zip(to_next, [*strides, 1], [1, *strides]):
        table += [x, (sums & 0x3FF) << 10 | (results & 0x3FF) << 20]
    return table


class Share:
    """A grid column's share of w at all densities: what its tiles load, and the dense matrices."""

    def __init__(self, random, inputs, outputs, worker_rows):
        full = random.randint(-WHOLE_W, WHOLE_W + 1, (outputs, inputs, SIDE, SIDE)).astype(np.float16)
        self.dense, weights, tables, self.blocks = [], [], [], []
        for zeros in ZEROS:
            there = random_blocks(random, inputs, outputs, zeros)
            matrix = full * there[..., None, None]
            self.dense.append(matrix.transpose(1, 2, 0, 3).reshape(inputs * SIDE, outputs * SIDE))
            weights.append(coefficients(full[there]))
            tables += jumps(*np.nonzero(there), worker_rows)
            self.blocks.append(int(there.sum()))
        self.weights = np.concatenate(weights).reshape(-1)
        self.tables = np.array(tables, np.int64).astype(np.uint32)


def panels(array):
    """[row][column] -> [16 columns][row][column]."""
    return array.reshape(len(array), -1, SIDE).swapaxes(0, 1)


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--grid", type=int, nargs=2, default=(23, 64), metavar=("ROWS", "COLUMNS"))
    parser.add_argument("--worker-rows", type=int, default=21, help="of x, a worker's")
    parser.add_argument("--inputs", type=int, default=512)
    parser.add_argument("--outputs", type=int, default=64, help="of a tile")
    arguments = parser.parse_args()
    system, (rows, columns), height = arguments.system, arguments.grid, WORKERS * arguments.worker_rows
    inputs, outputs = arguments.inputs // SIDE, arguments.outputs // SIDE
    panel_bytes = height * SIDE * BYTES
    x_bytes = inputs * panel_bytes
    y_worker = GAP_BYTES + arguments.worker_rows * arguments.outputs * BYTES
    if not 4 <= arguments.worker_rows <= MOST_STRIDE // 4:
        parser.error(f"--worker-rows {arguments.worker_rows}: 4 to {MOST_STRIDE // 4}")
    if rows * columns != system.tiles:
        parser.error(f"--grid {rows} {columns}: not the system's {system.tiles} tiles")
    if arguments.inputs % SIDE or arguments.outputs % SIDE or x_bytes % (8 * columns):
        parser.error("--inputs and --outputs are multiples of 16, and a row's x divides into pieces of 8 bytes")

    random = np.random.RandomState(SEED)
    x = random.randint(-WHOLE_X, WHOLE_X + 1, (rows, height, arguments.inputs)).astype(np.float16)
    shares = [Share(random, inputs, outputs, arguments.worker_rows) for _ in range(columns)]
    blocks, marks = shares[0].blocks, 1 + len(ZEROS)
    tile_y = WORKERS * y_worker

    program = chip.ProgramFile("sparse", f"x of {rows * height} x {arguments.inputs} times w of {arguments.inputs} x "
                               f"{columns * arguments.outputs} with {', '.join(map(str, ZEROS))} % of its blocks zero, on a grid of "
                               f"{rows} x {columns} tiles", system, arguments.out)
    program.image([HERE / "main.S", chip.RUNTIME / "copy.S", HERE / "product.S"], include_dirs=[arguments.out])
    piece = x_bytes // columns
    messages = []
    for row in range(rows):
        for column in range(columns):
            others = [row * columns + c for c in range(columns) if c != column]
            messages.append({"from": row * columns + column, "to": others, "words": piece // 4, "source": "piece",
                             "source_offset": 0, "destination": "x", "destination_offset": column * piece})
    program.lists["exchange"].append({"name": "gather", "pattern": "messages", "messages": messages})
    program.load("piece", np.stack([panels(part) for part in x]).reshape(system.tiles, -1), "f16")
    program.load("place", np.arange(system.tiles, dtype=np.uint32)[:, None] % columns, "u32")
    for column, share in enumerate(shares):
        tiles = [row * columns + column for row in range(rows)]
        for symbol, kind, array in (("weights", "f16", share.weights), ("tables", "u32", share.tables)):
            program.lists["load"].append({"symbol": symbol, "tiles": tiles, "type": kind, "distribute": "same",
                                          "file": program._save(f"load_{symbol}_{column}", array)})
    for density, zeros in enumerate(ZEROS):
        w = np.concatenate([share.dense[density] for share in shares], axis=1).astype(np.float32)
        y = (x.reshape(rows * height, -1).astype(np.float32) @ w).reshape(rows, height, columns, -1)
        assert np.abs(y).max() <= EXACT_IN_F16, "sums beyond what f16 holds exactly"
        y = (y + np.float32(0)).astype(np.float16).reshape(rows, WORKERS, -1, columns, outputs, SIDE).transpose(0, 3, 1, 4, 2, 5)
        y = np.pad(y.reshape(system.tiles, WORKERS, -1), ((0, 0), (0, 0), (GAP_BYTES // BYTES, 0)))
        name = f"y_{zeros}"
        program.lists["read"].append({"name": name, "symbol": "y", "tiles": "all", "type": "f16", "offset": density * tile_y,
                                      "count": tile_y // BYTES})
        program.expect(f"y with {zeros} % zeros as by numpy, bit by bit", name, y.reshape(system.tiles, -1))

    words = system.tiles * (columns - 1) * piece // 4
    program.mark("gather x", bound=((columns - 1) * piece // 4, "a word per cycle and tile"), words=words)
    for zeros, count in zip(ZEROS, blocks):
        program.mark(f"{zeros} % zeros", bound=(count * height * SIDE * SIDE // 64, "64 products per cycle and tile"),
                     flop=2 * system.tiles * count * height * SIDE * SIDE)
    products = sum(count * (BLOCK_CYCLES + height * SIDE * SIDE // 64) + DENSITY_CYCLES for count in blocks)
    expected = products + x_bytes // 4 + piece // 4 + 1400
    program.expect_cycles(at_most=1.03 * expected + 1500, at_least=0.95 * expected)
    program.write()
    defines = {"WORKER_ROWS": arguments.worker_rows, "PIECE_BYTES": piece,
               "X_BYTES": x_bytes, "Y_GAP_BYTES": GAP_BYTES, "Y_WORKER_BYTES": y_worker,
               "Y_DENSITY_BYTES": tile_y, "DENSITY_COUNT": len(ZEROS), "WEIGHT_BLOCKS": sum(blocks),
               "TABLE_BYTES": 4 * len(shares[0].tables), "MARKS": marks, "BLOCKS": ", ".join(map(str, blocks)),
               "DENSITIES": ", ".join(str(i) for i in range(len(ZEROS)))}
    lines = ["// What a tile has, for all sources: generate.py.", *(f"#define {key} {value}" for key, value in defines.items())]
    (arguments.out / "sizes.h").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
