#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the pi program for a system: seeds for all its workers, and what a model of their generators counts.

The model is of docs/arithmetic.md: xoroshiro128aox, `sufromui`, f32. It says every worker's hits, hence the estimate, to the bit;
that the estimate is near pi is expected besides, within five standard deviations of so many points."""
import math
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import chip_program as chip  # noqa: E402

SEED = 314
WORKERS = 6
BUNDLES = 10                 # for two points
MOST_PAIRS = (1 << 16) - 1   # of a `rpt`


class Generators:
    """xoroshiro128aox, one in every element."""

    def __init__(self, words):
        """words: 32 bits [..., 4], PRNG_0_0, PRNG_0_1, PRNG_1_0, PRNG_1_1."""
        words = words.astype(np.uint64)
        self.s0, self.s1 = words[..., 0] | words[..., 1] << np.uint64(32), words[..., 2] | words[..., 3] << np.uint64(32)

    @staticmethod
    def rotate(word, count):
        return word << np.uint64(count) | word >> np.uint64(64 - count)

    def next(self):
        """urand64: two words of 32 bits, the lower one first."""
        both, xor = self.s0 & self.s1, self.s0 ^ self.s1
        out = xor ^ (self.rotate(both, 1) | self.rotate(both, 2))
        self.s0, self.s1 = self.rotate(self.s0, 55) ^ xor ^ xor << np.uint64(14), self.rotate(xor, 36)
        return out & np.uint64(0xFFFFFFFF), out >> np.uint64(32)


def between_halves(word):
    """f32sufromui: exact in f64 up to its one rounding."""
    return ((2 * word.astype(np.float64) - (2.0**32 - 1)) / 2.0**33).astype(np.float32)


def hits_of(seeds, pairs):
    generators = Generators(seeds)
    hits = np.zeros(seeds.shape[:-1], np.uint32)
    for _ in range(pairs):
        x, y = generators.next(), generators.next()
        for lane in range(2):
            squares = [between_halves(word) ** 2 for word in (x[lane], y[lane])]
            assert squares[0].dtype == np.float32
            hits += squares[0] + squares[1] <= np.float32(0.25)
    return hits


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--pairs", type=int, default=2000, help="half the points of a worker")
    arguments = parser.parse_args()
    if not 1 <= arguments.pairs <= MOST_PAIRS:
        parser.error(f"--pairs {arguments.pairs}: 1 to {MOST_PAIRS}")
    tiles, pairs = arguments.system.tiles, arguments.pairs
    points = tiles * WORKERS * 2 * pairs
    seeds = np.random.RandomState(SEED).randint(0, 1 << 32, (tiles, WORKERS, 4), dtype=np.uint32)
    hits = hits_of(seeds, pairs)
    total = hits.sum(dtype=np.uint32)
    estimate = np.float32(4) * (np.float32(total) / np.float32(points))

    program = chip.ProgramFile("pi", f"pi from {points} points drawn by {tiles * WORKERS} workers", arguments.system, arguments.out)
    program.image([HERE / "main.S", HERE / "points.S"], defines={"TILES": tiles, "PAIRS": pairs})
    program.messages("gather", "tile_hits", "all_hits", ((tile, 0, 1, 0, 4 * tile) for tile in range(1, tiles)))
    program.load("seeds", seeds.reshape(tiles, -1), "u32")
    program.load("points", np.array([points, 4], np.float32), "f32", each=False)
    program.read("hits", "hits", "u32", WORKERS)
    program.expect("hits of every worker as by the model of its generator", "hits", hits)
    program.read("total", "total", "u32", 1, tiles=0)
    program.expect("their sum on tile 0", "total", np.array([[total]]))
    program.read("pi", "pi", "f32", 1, tiles=0)
    program.expect("pi as by the model, bit by bit", "pi", np.array([[estimate]]))
    deviation = math.sqrt(math.pi * (4 - math.pi) / points)
    program.lists["expectations"].append({"name": "pi within five standard deviations", "output": "pi", "equals": [math.pi],
                                          "absolute": 5 * deviation})
    loop = pairs * BUNDLES * WORKERS
    program.mark("points", bound=(loop, "ten operations for two points"), points=points)
    program.mark("sum of workers")
    program.mark("gather", bound=(tiles - 1, "a word per cycle to tile 0"), words=tiles - 1)
    program.mark("sum of tiles")
    program.expect_cycles(at_most=loop + 2 * tiles + 2 * tiles + 3500, at_least=loop + tiles)
    program.write()
    print(f"pi {float(estimate):.6f} from {points} points; {(float(estimate) - math.pi) / deviation:+.2f} standard deviations off")


if __name__ == "__main__":
    main()
