# SPDX-License-Identifier: Apache-2.0
"""How a product is divided among tiles, and a model of what that costs: generate.py takes the cheapest division.

Tiles stand in `layers` grids of `rows` x `columns`. A tile computes `height` rows and `width` columns of c, over the part of the
inner dimension that is its layer's; the layers add up their c. The inner dimension goes in panels of 16: those of a are owned by
the tiles of a grid's row in turn, those of b by the tiles of its column. A step makes `step_panels` panels known to all.
"""
import dataclasses
import math

WORKERS = 6
SIDE = 16                    # inputs and outputs of the AMP engine's matrix
MACS_PER_CYCLE = 64
BYTES = 2                    # of an f16
PAIR = 32 << 10              # element pair of region 1 (isa/arch.yaml): blocks begin at one
REGION1 = 0xE8000 - 0x80000
WORD = 4                     # bytes a tile receives in a cycle
GAP_BYTES = 64               # in front of a worker's part of c: multiply.S
SYNC_CYCLES = 350            # a phase beside its words: arrival, release, latency, setting up (docs/exchange.md)
GROUP_CYCLES = 32 + 20       # coefficients, launch, exit (docs/timing.md)
PANEL_CYCLES = 190           # a panel's first and last group beside their rows
PHASE_WORDS = 4000           # a tile sends in a phase, at most: the simulator keeps them all until the next sync
ADD_CYCLES = 220             # axpy_f16 beside its items


def up(value, unit):
    return -(-value // unit)


@dataclasses.dataclass(frozen=True)
class Shape:
    size: tuple              # m, n, k
    rows: int
    columns: int
    layers: int
    step_panels: int
    pairs: bool = False      # neighbours of a grid's row are pairs of the exchange: what both receive comes twice as fast

    @property
    def worker_rows(self):
        return up(self.size[0], WORKERS * self.rows)

    @property
    def height(self):
        return WORKERS * self.worker_rows

    @property
    def groups(self):
        return up(self.size[1], SIDE * self.columns)

    @property
    def width(self):
        return SIDE * self.groups

    @property
    def unrolled(self):
        """Groups in a turn of the supervisor's loop, which they divide into whole turns; all but the first and the last."""
        return max(count for count in range(1, 5) if (self.groups - 2) % count == 0)

    @property
    def panels(self):
        """Of a layer: whole steps."""
        return up(up(self.size[2], SIDE * self.layers), self.step_panels) * self.step_panels

    @property
    def steps(self):
        return self.panels // self.step_panels

    @property
    def a_panel(self):
        return self.height * SIDE * BYTES

    @property
    def b_panel(self):
        return self.width * SIDE * BYTES

    @property
    def a_own(self):
        return up(self.panels, self.columns)

    @property
    def b_own(self):
        return up(self.panels, self.rows)

    def shared(self, owners):
        """Whether each owner has as many panels of every step as of any other, so that one phase serves all steps."""
        return self.step_panels % owners == 0

    @property
    def c_worker(self):
        return GAP_BYTES + self.worker_rows * self.width * BYTES

    @property
    def c_bytes(self):
        """A multiple of 8 for every piece."""
        unit = 8 * self.layers * self.pieces
        return up(WORKERS * self.c_worker, unit) * unit

    @property
    def pieces(self):
        """Of a layer's part, each in a phase of its own."""
        return up(WORKERS * self.c_worker, WORD * PHASE_WORDS * self.layers)

    @property
    def c_part(self):
        return self.c_bytes // self.layers

    @property
    def c_piece(self):
        return self.c_part // self.pieces

    @property
    def b_buffer(self):
        """The pieces of another layer come where panels of b were."""
        return max(self.step_panels * self.b_panel, self.c_piece if self.layers > 1 else 0)

    def memory(self):
        blocks = (self.a_own * self.a_panel, self.step_panels * self.a_panel, self.b_own * self.b_panel, self.b_buffer,
                  self.c_bytes + GAP_BYTES)
        return sum(up(block, PAIR) * PAIR for block in blocks)

    def fits(self):
        stride = 4 * self.worker_rows - 1          # ten bits with a sign, multiply.S
        return self.memory() <= REGION1 and self.groups >= 2 and self.worker_rows >= 2 and stride <= 512

    def a_cycles(self, received):
        """Of so many panels of a that a tile receives in a step. Its partner's come in words, while other pairs do the same."""
        if not self.pairs or self.columns % 2:
            return received * self.a_panel // WORD
        partners = up(self.step_panels, self.columns)
        return (received * self.a_panel + partners * self.a_panel) // (2 * WORD)

    def cost(self):
        """Cycles by what takes them."""
        calls = self.panels * self.groups
        parts = {
            "products": self.panels * self.groups * self.height * SIDE * SIDE // MACS_PER_CYCLE,
            "coefficients, launch, exit": calls * GROUP_CYCLES + self.panels * PANEL_CYCLES,
            "exchange of a": 0 if self.columns == 1 else self.steps * self.a_cycles(self.step_panels),
            "exchange of b": 0 if self.rows == 1 else self.panels * self.b_panel // WORD,
            "exchange of c": (self.layers - 1) * self.c_part // WORD,
            "adding up": (self.layers - 1) * (self.c_part // 8 + self.pieces * ADD_CYCLES),
            "syncs": SYNC_CYCLES * (self.steps * ((self.columns > 1) + (self.rows > 1)) + (self.layers - 1) * self.pieces),
        }
        return parts

    def bundles(self):
        """Of a tile's workers in multiply.S, but for the start and the end of a panel; and its supervisor's loads."""
        return self.panels * self.groups * (WORKERS * (4 * self.worker_rows + 2) + 32)

    def cycles(self):
        return sum(self.cost().values())

    def ideal_cycles(self):
        """Of the product on all tiles, nothing but multiplications."""
        return math.prod(self.size) / (self.rows * self.columns * self.layers * MACS_PER_CYCLE)


def divisors(number):
    return [d for d in range(1, number + 1) if number % d == 0]


def best(size, tiles, pairs):
    """The cheapest shape that fits into memory."""
    shapes = []
    for layers in divisors(tiles):
        if layers > up(size[2], SIDE):
            continue
        for rows in divisors(tiles // layers):
            for step_panels in (1, 2, 4, 8, 16, 32, 64):
                shape = Shape(tuple(size), rows, tiles // layers // rows, layers, step_panels, pairs)
                if shape.fits():
                    shapes.append(shape)
    if not shapes:
        raise SystemExit(f"no division of {size} among {tiles} tiles fits into their memory: another size, or more tiles")
    return min(shapes, key=lambda s: (s.cycles(), s.steps))


def given(size, tiles, pairs, rows, columns, layers, step_panels):
    shape = Shape(tuple(size), rows, columns, layers, step_panels, pairs)
    if rows * columns * layers != tiles:
        raise SystemExit(f"{rows} x {columns} x {layers} are not the system's {tiles} tiles")
    if not shape.fits():
        raise SystemExit(f"{shape} does not fit: it takes {shape.memory()} of {REGION1} bytes of region 1; a tile needs two "
                         "groups of 16 columns at least, and a worker 2 to 128 rows")
    return shape
