#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the all-reduce program for a system: a vector of f32 on every tile, and the sum of all that every tile must end with."""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import chip_program as chip  # noqa: E402

SEED = 5
WORKERS = 6


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--block", type=int, default=12, help="elements that a tile sums up; the vector has as many for each tile")
    arguments = parser.parse_args()
    system, block = arguments.system, arguments.block
    tiles = system.tiles
    vectors = np.random.RandomState(SEED).uniform(-1, 1, (tiles, tiles * block)).astype(np.float32)
    total = vectors[0].copy()
    for vector in vectors[1:]:  # in the order of the tiles
        total = chip.f32_without_denormals(total + vector)

    program = chip.ProgramFile("all_reduce", f"the sum of {tiles} vectors of {tiles * block} f32, on every tile", system,
                               arguments.out)
    program.image([chip.RUNTIME / "copy.S", HERE / "main.S", HERE / "sum_blocks.S"], defines={"BLOCK": block, "TILES": tiles})
    program.phase("scatter", "all_to_all", "vector", "blocks", tiles="all", words=block)
    program.phase("gather", "all_gather", "sum", "vector", tiles="all", words=block)
    program.load("vector", vectors, "f32")
    program.read("vector", "vector", "f32", tiles * block)
    program.expect("sum as by numpy bit by bit", "vector", np.broadcast_to(total, vectors.shape))

    words = (tiles - 1) * block
    exchange = chip.exchange_cycles_bound(words, words)
    compute = -(-block // 2 // WORKERS) * tiles * WORKERS
    program.mark("own block")
    program.mark("reduce-scatter", bound=exchange, words=tiles * words)
    program.mark("sum", bound=(compute, "a bundle loads a pair"), flop=tiles * words)
    # A bus sends its block once, to all; each tile takes all blocks.
    program.mark("all-gather", bound=exchange, words=tiles * words)
    least = 2 * exchange[0] + compute
    program.expect_cycles(at_most=1.05 * least + 3600, at_least=least)
    program.write()


if __name__ == "__main__":
    main()
