#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the STREAM program for a system: three arrays of f32 on each of its tiles, and what numpy finds in them at the end."""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import chip_program as chip  # noqa: E402

SEED = 47
WORKERS = 6
ITEM = 8                     # bytes of a load or a store
MOST_ITEMS = (0xE8000 - 0x80000) // (32 << 10) // 3 * (32 << 10) // ITEM // WORKERS  # of a worker: three arrays in region 1
SAMPLES = 64                 # of every array on every tile; all of it on WHOLE tiles
WHOLE = 4
KERNEL_CYCLES = 200          # of a kernel beside its loop: less
# Bytes of an item that a kernel loads and stores, in a bundle.
KERNELS = {"copy": 2 * ITEM, "scale": 2 * ITEM, "add": 3 * ITEM, "triad": 3 * ITEM}


def fused(s, x, y):
    """s * x + y rounded once to f32. f64 holds the product; what it rounds off of the sum must not decide the second rounding."""
    product = s.astype(np.float64) * x.astype(np.float64)
    y64 = y.astype(np.float64)
    total = product + y64
    part = total - product
    lost = (product - (total - part)) + (y64 - part) != 0
    halfway = (total.view(np.uint64) & np.uint64((1 << 29) - 1)) == np.uint64(1 << 28)
    assert not np.any(lost & halfway), "a sum whose second rounding is not decided"
    return chip.f32_without_denormals(total.astype(np.float32))


def run(a, s, iterations):
    b = c = None
    for _ in range(iterations):
        c = a
        b = chip.f32_without_denormals(s * c)
        c = chip.f32_without_denormals(a + b)
        a = fused(s, c, b)
    return {"a": a, "b": b, "c": c}


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--items", type=int, default=MOST_ITEMS,
                        help=f"of 8 bytes, a worker's share of an array; at most {MOST_ITEMS}")
    parser.add_argument("--iterations", type=int, default=1)
    arguments = parser.parse_args()
    if not 16 <= arguments.items <= MOST_ITEMS:
        parser.error(f"--items {arguments.items}: 16 to {MOST_ITEMS}")
    tiles, items, iterations = arguments.system.tiles, arguments.items, arguments.iterations
    elements = 2 * WORKERS * items
    random = np.random.RandomState(SEED)
    a = random.uniform(1, 2, elements).astype(np.float32)
    scalars = random.uniform(0.3, 0.5, (tiles, 1)).astype(np.float32)

    program = chip.ProgramFile("stream", f"copy, scale, add and triad of {elements} f32 on each of {tiles} tiles, "
                               f"{iterations} times", arguments.system, arguments.out)
    program.image([HERE / "main.S", HERE / "stream.S"],
                  defines={"WORKER_ITEMS": items, "ARRAY_BYTES": elements * 4, "ITERATIONS": iterations})
    program.load("a", a, "f32", each=False)
    program.load("scalar", scalars, "f32")
    # Everything on some tiles spread over the system, the ends of the arrays on all.
    some = sorted({round(i * (tiles - 1) / (WHOLE - 1)) for i in range(WHOLE)})
    samples = min(SAMPLES, elements)
    for name, values in run(a[None, :], scalars[some], iterations).items():
        program.read(f"all_of_{name}", name, "f32", elements, tiles=some)
        program.expect(f"{name} on {len(some)} tiles as by numpy, bit by bit", f"all_of_{name}", values)
    for name, values in run(a[None, -samples:], scalars, iterations).items():
        program.lists["read"].append({"name": f"end_of_{name}", "symbol": name, "tiles": "all", "type": "f32", "count": samples,
                                      "offset": (elements - samples) * 4})
        program.expect(f"end of {name} on all tiles as by numpy, bit by bit", f"end_of_{name}", values)
    for _ in range(iterations):
        for kernel, item_bytes in KERNELS.items():
            program.mark(kernel, bound=(items * WORKERS, f"{item_bytes} B of loads and stores in a bundle"),
                         bytes=tiles * WORKERS * items * item_bytes)
    loops = iterations * len(KERNELS) * items * WORKERS
    program.expect_cycles(at_most=loops + iterations * len(KERNELS) * KERNEL_CYCLES + 1500, at_least=loops)
    program.write()


if __name__ == "__main__":
    main()
