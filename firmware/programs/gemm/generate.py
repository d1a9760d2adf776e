#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the GEMM program for a system: c = a * b in f16, blocks distributed over all its tiles, and the c that numpy finds.

    firmware/programs/gemm/generate.py --system configs/mk2-16.yaml --size 256 256 256 --out out/gemm-program
    build/release/bin/ipusim run configs/mk2-16.yaml out/gemm-program/program.yaml --out out/gemm
    firmware/programs/gemm/share.py out/gemm-program out/gemm

--data whole: small whole numbers, every sum of which f16 holds: c is the exact product. --data real: normally distributed, c by a
model of the engine's rounding (small sizes only).
"""
import dataclasses
import json
import pathlib
import sys

import numpy as np
import yaml

import shapes

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import chip_program as chip  # noqa: E402
from coefficients import coefficients  # noqa: E402

SEED = 13
SIDE, WORKERS = shapes.SIDE, shapes.WORKERS
WHOLE_A, WHOLE_B = 3, 2      # largest magnitudes
EXACT_IN_F16 = 2048          # all whole numbers up to here
MOST_REAL = 1 << 26          # products that the model of rounding takes in a few seconds


def operands(size, data):
    m, n, k = size
    random = np.random.RandomState(SEED)
    if data == "whole":
        return (random.randint(-WHOLE_A, WHOLE_A + 1, (m, k)).astype(np.float16),
                random.randint(-WHOLE_B, WHOLE_B + 1, (k, n)).astype(np.float16))
    return random.normal(size=(m, k)).astype(np.float16), random.normal(size=(k, n)).astype(np.float16)


def exact_product(a, b):
    """f32 holds every sum of whole numbers up to 2^24; f16 holds this c, or an assertion says no."""
    c = a.astype(np.float32) @ b.astype(np.float32)
    assert np.abs(c).max() <= EXACT_IN_F16, "sums beyond what f16 holds exactly"
    return (c + np.float32(0)).astype(np.float16)  # no -0


def sum_exactly(terms):
    """The f64 sum of terms that must come out exact: else rounding to f32 could go wrong."""
    total = terms[0]
    for term in terms[1:]:
        new = total + term
        part = new - total
        assert not np.any((total - (new - part)) + (term - part)), "a sum of products that f64 does not hold"
        total = new
    return total


def rounded_product(shape, a, b):
    """As the engine rounds (docs/arithmetic.md): four products and the sum are added exactly and rounded to f32; after 16 inputs to
    f16; the layers' parts by pairs, to f32 and then to f16. One result per layer, since each begins with its own part."""
    a64, b64 = a.astype(np.float64), b.astype(np.float64)
    parts = []
    for layer in range(shape.layers):
        first = layer * shape.panels * SIDE
        total = np.zeros((a.shape[0], b.shape[1]), np.float16)
        for panel in range(first, first + shape.panels * SIDE, SIDE):
            accumulator = total.astype(np.float64)
            for k in range(panel, panel + SIDE, 4):
                products = [a64[:, i, None] * b64[None, i, :] for i in range(k, k + 4)]
                accumulator = sum_exactly([accumulator, *products]).astype(np.float32).astype(np.float64)
            total = accumulator.astype(np.float32).astype(np.float16)
        parts.append(total)
    results = []
    for layer in range(shape.layers):
        total = parts[layer]
        for distance in range(1, shape.layers):
            part = parts[(layer - distance) % shape.layers]
            total = (total.astype(np.float32) + part.astype(np.float32)).astype(np.float16)
        results.append(total)
    return results


def padded(array, rows, columns):
    return np.pad(array, ((0, rows - array.shape[0]), (0, columns - array.shape[1])))


class Blocks:
    """What each tile has: arrays with a line per tile, the tiles layer by layer, row by row."""

    def __init__(self, shape):
        self.shape = shape
        self.tiles = [(layer, row, column) for layer in range(shape.layers) for row in range(shape.rows)
                      for column in range(shape.columns)]

    def tile(self, layer, row, column):
        return (layer * self.shape.rows + row) * self.shape.columns + column

    def of_a(self, a):
        s = self.shape
        lines = np.zeros((len(self.tiles), s.a_own, s.height, SIDE), np.float16)
        panels = padded(a, s.rows * s.height, s.layers * s.panels * SIDE).reshape(s.rows, s.height, s.layers, s.panels, SIDE)
        for line, (layer, row, column) in zip(lines, self.tiles):
            own = panels[row, :, layer, column::s.columns].swapaxes(0, 1)
            line[:len(own)] = own
        return lines.reshape(len(lines), -1)

    def of_b(self, b):
        s = self.shape
        lines = np.zeros((len(self.tiles), s.b_own, s.groups, SIDE, SIDE), np.float16)
        panels = padded(b, s.layers * s.panels * SIDE, s.columns * s.width)
        panels = coefficients(panels.reshape(s.layers, s.panels, SIDE, s.columns, s.groups, SIDE).transpose(0, 1, 3, 4, 2, 5))
        for line, (layer, row, column) in zip(lines, self.tiles):
            own = panels[layer, row::s.rows, column]
            line[:len(own)] = own
        return lines.reshape(len(lines), -1)

    def of_c(self, c, layer):
        """The layer's part of the buffers that the tiles of a grid have: [worker][gap, group][row][16]."""
        s = self.shape
        gap = shapes.GAP_BYTES // shapes.BYTES
        workers = padded(c, s.rows * s.height, s.columns * s.width)
        workers = workers.reshape(s.rows, WORKERS, s.worker_rows, s.columns, s.groups, SIDE).transpose(0, 3, 1, 4, 2, 5)
        workers = workers.reshape(s.rows * s.columns, WORKERS, -1)
        lines = np.pad(workers, ((0, 0), (0, 0), (gap, 0))).reshape(s.rows * s.columns, -1)
        lines = np.pad(lines, ((0, 0), (0, s.c_bytes // shapes.BYTES - lines.shape[1])))
        part = s.c_part // shapes.BYTES
        return lines[:, layer * part:(layer + 1) * part]

    def layer_tiles(self, layer):
        first = self.tile(layer, 0, 0)
        return f"{first}-{first + self.shape.rows * self.shape.columns - 1}"


def panel_messages(blocks, step, owners, panel_bytes, peers, number):
    """Owner after owner sends its panel of the step to its peers. number: a tile's place among them."""
    for tile in blocks.tiles:
        for panel in range(step * blocks.shape.step_panels, (step + 1) * blocks.shape.step_panels):
            if panel % owners == number(tile):
                yield (blocks.tile(*tile), peers(tile), panel_bytes, panel // owners * panel_bytes,
                       panel % blocks.shape.step_panels * panel_bytes)


def piece_messages(blocks, distance, piece):
    """A piece of each layer's part of c from the layer so far before it, from the tile at the same place there."""
    s = blocks.shape
    for layer, row, column in blocks.tiles:
        to = (layer + distance) % s.layers
        yield blocks.tile(layer, row, column), [blocks.tile(to, row, column)], s.c_piece, to * s.c_part + piece * s.c_piece, 0


def add_phase(program, name, source, destination, messages, **more):
    program.lists["exchange"].append({"name": name, "pattern": "messages", **more, "messages": [
        {"from": tile, "to": to, "words": count // 4, "source": source, "source_offset": at, "destination": destination,
         "destination_offset": there} for tile, to, count, at, there in messages]})


def add_exchange(program, blocks):
    s = blocks.shape

    def along_row(tile):
        return [blocks.tile(tile[0], tile[1], c) for c in range(s.columns) if c != tile[2]]

    def along_column(tile):
        return [blocks.tile(tile[0], r, tile[2]) for r in range(s.rows) if r != tile[1]]

    for operand, owners, panel, peers, axis, width in (("a", s.columns, s.a_panel, along_row, 2, "auto"),
                                                       ("b", s.rows, s.b_panel, along_column, 1, 32)):
        shared = s.shared(owners)
        for step in range(0 if owners == 1 else 1 if shared else s.steps):
            add_phase(program, operand if shared else f"{operand}{step}", f"{operand}_own", f"{operand}_panels",
                      panel_messages(blocks, step, owners, panel, peers, lambda tile: tile[axis]), width=width,
                      **({"bases": "caller"} if shared else {}))
    for distance in range(1, s.layers):
        for piece in range(s.pieces):
            add_phase(program, f"c{distance}_{piece}", "c", "b_panels", piece_messages(blocks, distance, piece))


def add_marks(program, shape):
    """In the order of main.S."""
    cost, steps, tiles = shape.cost(), shape.steps, shape.rows * shape.columns * shape.layers
    word = "a word per cycle and tile"
    for _ in range(steps):
        for name, owners, panel_bytes, cycles, why in (
                ("a", shape.columns, shape.a_panel, shape.a_cycles, f"{word}, two where pairs receive"),
                ("b", shape.rows, shape.b_panel, lambda count: count * shape.b_panel // 4, word)):
            if owners > 1:
                received = shape.step_panels - shapes.up(shape.step_panels, owners)  # by a tile with the most own
                program.mark(f"exchange of {name}", bound=(cycles(received), why),
                             words=tiles // owners * shape.step_panels * (owners - 1) * panel_bytes // 4)
        program.mark("multiply", bound=(cost["products"] // steps, "64 products per cycle and tile"),
                     flop=2 * np.prod(shape.size) // steps)
    for _ in range((shape.layers - 1) * shape.pieces):
        program.mark("exchange of c", bound=(shape.c_piece // 4, word), words=tiles * shape.c_piece // 4)
        program.mark("adding up", bound=(shape.c_piece // 8, "a store of 8 bytes in a bundle"))


def write_header(shape, folder, marks):
    defines = {
        "WORKER_ROWS": shape.worker_rows, "GROUPS": shape.groups, "UNROLLED": shape.unrolled, "STEP_PANELS": shape.step_panels,
        "LAYERS": shape.layers, "PIECES": ", ".join(map(str, range(shape.pieces))),
        "C_GAP_BYTES": shapes.GAP_BYTES, "C_WORKER_BYTES": shape.c_worker, "C_BYTES": shape.c_bytes,
        "C_PART_BYTES": shape.c_part, "C_PIECE_BYTES": shape.c_piece, "B_BUFFER_BYTES": shape.b_buffer, "MARKS": marks,
        "STEPS": ", ".join(map(str, range(shape.steps))), "DISTANCES": ", ".join(map(str, range(1, shape.layers)))}
    for name, owners, own, panel in (("A", shape.columns, shape.a_own, shape.a_panel),
                                     ("B", shape.rows, shape.b_own, shape.b_panel)):
        defines.update({f"{name}_OWNERS": owners, f"{name}_OWN_PANELS": own, f"{name}_PANEL_BYTES": panel,
                        f"{name}_SHARED": int(shape.shared(owners)), f"{name}_STEP_BYTES": shape.step_panels // owners * panel})
    lines = ["// How the product is divided among the tiles: shapes.py.", *(f"#define {k} {v}" for k, v in defines.items())]
    (folder / "shape.h").write_text("\n".join(lines) + "\n")


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--size", type=int, nargs=3, default=(4096, 4096, 4096), metavar=("M", "N", "K"))
    parser.add_argument("--data", choices=("whole", "real"), default="whole")
    parser.add_argument("--division", type=int, nargs=4, metavar=("ROWS", "COLUMNS", "LAYERS", "STEP_PANELS"),
                        help="this one, not the cheapest (shapes.py)")
    arguments = parser.parse_args()
    size, system = tuple(arguments.size), arguments.system
    # Of all places in the vendor's order, tiles 2 n and 2 n + 1 are a pair.
    pairs = yaml.safe_load(system.path.read_text())["tiles"]["numbering"] == "logical"
    if arguments.division:
        shape = shapes.given(size, system.tiles, pairs, *arguments.division)
    else:
        shape = shapes.best(size, system.tiles, pairs)
    if arguments.data == "real" and np.prod(size) > MOST_REAL:
        raise SystemExit(f"--data real takes up to {MOST_REAL} products; --data whole takes any")

    a, b = operands(size, arguments.data)
    if arguments.data == "whole":
        results = [exact_product(a, b)] * shape.layers
    else:
        inner = shape.layers * shape.panels * SIDE
        results = rounded_product(shape, padded(a, size[0], inner), padded(b, inner, size[1]))

    blocks = Blocks(shape)
    program = chip.ProgramFile("gemm", f"f16 GEMM of {size[0]} x {size[1]} x {size[2]} on {shape.layers} layers of {shape.rows} x "
                               f"{shape.columns} tiles", system, arguments.out)
    program.image([*(HERE / f"{name}.S" for name in ("main", "multiply", "data")), chip.CODELETS / "axpy_f16.S"],
                  include_dirs=[arguments.out])
    add_exchange(program, blocks)
    program.load("a_own", blocks.of_a(a), "f16")
    program.load("b_own", blocks.of_b(b), "f16")
    program.load("place", np.array([(column, row, layer) for layer, row, column in blocks.tiles], np.uint32), "u32")
    for layer, result in enumerate(results):
        name, tiles = f"c_of_layer{layer}", blocks.layer_tiles(layer)
        program.lists["read"].append({"name": name, "symbol": "c", "tiles": tiles, "type": "f16", "offset": layer * shape.c_part,
                                      "count": shape.c_part // shapes.BYTES})
        program.expect(f"part {layer} of c as by numpy, bit by bit", name, blocks.of_c(result, layer))
    add_marks(program, shape)
    program.expect_cycles(at_most=1.03 * shape.cycles() + 2500, at_least=0.9 * shape.cycles())
    program.write()
    write_header(shape, arguments.out, len(program.marks))
    summary = {**dataclasses.asdict(shape), "worker_rows": shape.worker_rows, "groups": shape.groups, "panels": shape.panels,
               "bundles": shape.bundles(), "memory_bytes": shape.memory(), "ideal_cycles": shape.ideal_cycles(),
               "model": shape.cost()}
    (arguments.out / "shape.json").write_text(json.dumps(summary, indent=1) + "\n")


if __name__ == "__main__":
    main()
