#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the stencil program for a system: a field over a 3D grid of all its tiles, and the field after the iterations by numpy."""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import chip_program as chip  # noqa: E402

SEED = 3
CELL, NEIGHBOURS = np.float32(0.4), np.float32(0.1)
OPERATIONS_PER_PAIR = 8  # five additions of neighbours, two multiplications, the addition of both
BUNDLES_PER_PAIR, BUNDLES_PER_ROW = 9, 40  # of stencil.S
FLOP_PER_CELL = 8
WORKERS = 6


def grid_of(tiles):
    """The factors of `tiles` whose sum is smallest: x, y, z, the largest last."""
    best = None
    for x in range(1, tiles + 1):
        if tiles % x:
            continue
        for y in range(x, tiles // x + 1):
            z = tiles // x // y
            if x * y * z == tiles and z >= y and (best is None or x + y + z < sum(best)):
                best = (x, y, z)
    return best


def step(field):
    """One iteration in f32, in the order of README.md; beyond the field all is 0."""
    padded = np.pad(field, 1)
    inner = slice(1, -1)
    total = padded[inner, inner, :-2] + padded[inner, inner, 2:]
    for neighbours in (padded[inner, :-2, inner], padded[inner, 2:, inner], padded[:-2, inner, inner], padded[2:, inner, inner]):
        total = total + neighbours
    return chip.f32_without_denormals(CELL * field + NEIGHBOURS * total)


def blocks(field, grid):
    """[z][y][x] -> [tile][z][y][x], tiles in the order of x, then y, then z."""
    gx, gy, gz = grid
    nz, ny, nx = field.shape[0] // gz, field.shape[1] // gy, field.shape[2] // gx
    return field.reshape(gz, nz, gy, ny, gx, nx).transpose(0, 2, 4, 1, 3, 5).reshape(gx * gy * gz, nz, ny, nx)


def faces_of(block):
    """What each tile sends to a neighbour: the face on one side, which the neighbour finds at its face of the other side."""
    nx, ny, nz = block
    sizes = (ny * nz, ny * nz, nx * nz, nx * nz, nx * ny, nx * ny)  # x-, x+, y-, y+, z-, z+
    for side, words in enumerate(sizes):
        to = [0, 0, 0]
        to[2 - side // 2] = 1 if side % 2 else -1
        yield {"to": to, "words": words, "source_offset": 4 * sum(sizes[:side]), "destination_offset": 4 * sum(sizes[:side ^ 1])}


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--block", type=int, nargs=3, default=(32, 16, 16), metavar=("X", "Y", "Z"), help="cells of a tile")
    parser.add_argument("--iterations", type=int, default=4, help="an even number")
    arguments = parser.parse_args()
    system, block, iterations = arguments.system, tuple(arguments.block), arguments.iterations
    nx, ny, nz = block
    grid = grid_of(system.tiles)
    shape = [n * g for n, g in zip(block[::-1], grid[::-1])]
    first = np.random.RandomState(SEED).uniform(1, 2, shape).astype(np.float32)
    last = first
    for _ in range(iterations):
        last = step(last)
    assert last.dtype == np.float32

    program = chip.ProgramFile("stencil", f"7-point stencil of {shape[2]} x {shape[1]} x {shape[0]} cells on a grid of "
                               f"{grid[0]} x {grid[1]} x {grid[2]} tiles, {iterations} iterations", system, arguments.out)
    program.image([HERE / name for name in ("main.S", "pack.S", "stencil.S")], include_dirs=[HERE],
                  defines={"NX": nx, "NY": ny, "NZ": nz, "ITERATIONS": iterations})
    faces = list(faces_of(block))
    program.phase("halo", "halo", "faces_out", "faces_in", tiles="all", grid=grid[::-1], faces=faces)
    start = blocks(first, grid)
    program.load("field", start.reshape(system.tiles, -1), "f32")
    faces_of_x = np.stack([start[..., 0], start[..., -1]], axis=1)
    program.load("faces_out", faces_of_x.reshape(system.tiles, -1), "f32")
    program.load("coefficients", np.array([CELL, NEIGHBOURS]), "f32", each=False)
    program.read("field", "field", "f32", nx * ny * nz)
    program.expect("field as by numpy bit by bit", "field", blocks(last, grid).reshape(system.tiles, -1))

    cells = system.tiles * nx * ny * nz
    words = np.zeros((len(faces), *grid[::-1]), dtype=np.int64)  # to the neighbour on each side; as many come from there
    for side, face in zip(words, faces):
        tiles_along = np.moveaxis(side, np.flatnonzero(face["to"])[0], 0)
        (tiles_along[1:] if sum(face["to"]) < 0 else tiles_along[:-1])[:] = face["words"]
    sent = words.sum(axis=0)
    rows_of_worker = -(-ny * nz // WORKERS)
    compute = rows_of_worker * nx // 2 * OPERATIONS_PER_PAIR * WORKERS
    exchange = chip.exchange_cycles_bound(sent, sent)
    for _ in range(iterations):
        program.mark("pack")
        program.mark("halo", bound=exchange, words=sent.sum())
        program.mark("stencil", bound=(compute, "eight operations for two cells"), cells=cells, flop=FLOP_PER_CELL * cells)
    # A turn packs, launches and syncs besides: README.md.
    turn = rows_of_worker * (nx // 2 * BUNDLES_PER_PAIR + BUNDLES_PER_ROW) * WORKERS + exchange[0]
    pack = WORKERS * max(nz * (nx // 2 + 9), nx * ny // 2 + 9)
    program.expect_cycles(at_most=1400 + iterations * (turn + pack + 1000), at_least=iterations * (compute + exchange[0]))
    program.write()


if __name__ == "__main__":
    main()
