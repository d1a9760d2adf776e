# SPDX-License-Identifier: Apache-2.0
"""What is measured for each published figure, on which system, by which program."""
import functools
import statistics

import programs

WORKERS = 6
# name -> (the whole chip, sixteen of its tiles, tiles, clock in Hz); systems of configs/.
CHIPS = {"mk1": ("mk1.yaml", "mk1-16.yaml", 1216, 1.6e9), "mk2": ("mk2.yaml", "mk2-16.yaml", 1472, 1.325e9),
         "bow": ("bow.yaml", "bow-16.yaml", 1472, 1.85e9), "c600": ("c600.yaml", "c600-16.yaml", 1472, 1.5e9)}
# Codelets by what they reach: (name, few, many, work of an amount of one on all workers of a tile, how rate.S calls it).
ONE_SET = {"f16": ("gemm_f16_f32", 20, 160, 2 * WORKERS * 16 * 8, {}), "f32": ("gemm_f32_8", 20, 80, 2 * WORKERS * 8 * 8, {})}
BOTH_SETS = {"f16": ("gemm_f16", 20, 160, 2 * WORKERS * 16 * 16, {}),
             "f32": ("gemm_f32", 20, 80, 2 * WORKERS * 8 * 16, {}),
             "f8": ("gemm_f8", 20, 160, 2 * WORKERS * 32 * 16, {})}
MEMORY = {"loads": ("dot_f16", 480, 9600, 2 * 2, {"three_buffers": True}),
          "loads and stores": ("add_f16", 480, 9600, 3 * 2, {"three_buffers": True, "is_worker": True})}


class Chip:
    """Measurements of one chip. `whole` and `small` are its systems; what was measured once is kept."""

    def __init__(self, machine, name):
        self.machine = machine
        self.name = name
        whole, small, self.tiles, self.clock_hz = CHIPS[name]
        self.whole, self.small = (programs.ROOT / "configs" / file for file in (whole, small))
        self.codelets = {**(ONE_SET if name == "mk1" else BOTH_SETS), **MEMORY}
        self.rate = functools.lru_cache(None)(self._rate)
        self.threads = functools.lru_cache(None)(lambda: programs.threads(machine, self.whole))
        self.tile_bytes = functools.lru_cache(None)(lambda: programs.memory_bytes(machine, self.small))
        self.latencies = functools.lru_cache(None)(lambda: programs.latencies(machine, self.whole, self.tiles))

    def _rate(self, what, system):
        """Work per cycle and tile; all tiles of the system at once."""
        codelet, few, many, work, how = self.codelets[what]
        return work * (many - few) / programs.cycles_of_work(self.machine, system, codelet, few, many, **how)

    def tera(self, per_cycle_and_tile):
        return per_cycle_and_tile * self.tiles * self.clock_hz / 1e12

    def exchange(self):
        return programs.exchange_bytes_per_cycle(self.machine, self.whole, self.tiles)

    def sync(self, zone, system):
        return programs.sync_cycles(self.machine, system, zone)

    def both_ways(self):
        return [(cycles + self.latencies()[pair[::-1]]) / 2 for pair, cycles in self.latencies().items()]


def rate_row(what, title, per="tera", on="whole"):
    """A rate of the chip in 10^12 per second, or of a tile and cycle divided by `per`."""
    def measure(chip):
        found = chip.rate(what, getattr(chip, on))
        return chip.tera(found) if per == "tera" else found / per
    steady = "steady state of all tiles at once" if on == "whole" else "steady state of a tile"
    return {"title": title, "measure": measure, "quick": on == "small",
            "condition": lambda chip: f"{steady}: codelet {chip.codelets[what][0]}"}


def with_code(chip):
    """Bytes per cycle of loads, stores and fetched bundles of eight bytes, of which one issues a cycle."""
    return chip.tera(chip.rate("loads and stores", chip.whole) + 8)


def latency_row(title, measure):
    return {"title": title, "measure": measure, "quick": False,
            "condition": lambda chip: f"all {chip.tiles * (chip.tiles - 1):,} ordered pairs of places, latency.S"}


def plain(title, measure, condition, quick):
    return {"title": title, "measure": measure, "condition": lambda chip: condition, "quick": quick}


# By key of configs/published.
ROWS = {
    "tiles": plain("tiles", lambda c: c.threads()[1], "tiles on which workers ran, threads.S", False),
    "threads": plain("threads", lambda c: c.threads()[0], "worker contexts that left their number, threads.S", False),
    "tile_memory": plain("memory of a tile", lambda c: c.tile_bytes() / 1024,
                         "8-byte words that keep what was written, and the program; four tiles, memory.S", True),
    "chip_memory": plain("memory of the chip", lambda c: c.tile_bytes() * c.threads()[1] / 2**20,
                         "that of a tile times the tiles counted", False),
    "f8_gemm": rate_row("f8", "f8 peak"),
    "f16_gemm": rate_row("f16", "f16 peak"),
    "f32_gemm": rate_row("f32", "f32 peak"),
    "f8_macs": rate_row("f8", "f8 multiply-adds of a tile and cycle", 2, "small"),
    "f16_macs": rate_row("f16", "f16 multiply-adds of a tile and cycle", 2, "small"),
    "f32_macs": rate_row("f32", "f32 multiply-adds of a tile and cycle", 2, "small"),
    "memory_loads": rate_row("loads", "local memory, loads"),
    "memory": rate_row("loads and stores", "local memory, loads and stores"),
    "memory_slide": plain("local memory, with code", with_code,
                          "loads and stores as above and eight bytes of each bundle; that these count is our guess", False),
    "load_bytes": rate_row("loads", "loads of a tile and cycle", 1, "small"),
    "load_store_bytes": rate_row("loads and stores", "loads and stores of a tile and cycle", 1, "small"),
    "exchange": plain("exchange between all tiles", lambda c: c.exchange() * c.clock_hz / 1e12,
                      "a random circle of all tiles, 1,536 words more, exchange.S", False),
    "exchange_tile": plain("exchange into a tile", lambda c: c.exchange() / c.tiles, "the same per tile and cycle", False),
    "sync_internal": plain("internal sync", lambda c: c.sync(3, c.whole), "last arrival to release of zone 3, all tiles, sync.S",
                           False),
    "sync_slide": plain("internal sync, on the slide", lambda c: c.sync(3, c.whole), "the same", False),
    "sync_steps": plain("internal sync, in compiled steps", lambda c: c.sync(3, c.whole),
                        "last arrival to release of zone 3, all tiles, sync.S", False),
    "sync_global": plain("global sync", lambda c: c.sync(4, c.small), "last arrival to release of zone 4, one chip alone, sync.S",
                         True),
    "latency_least": latency_row("send to pointer, least", lambda c: min(c.latencies().values())),
    "latency_median": latency_row("send to pointer, median", lambda c: statistics.median(c.latencies().values())),
    "latency_mean": latency_row("send to pointer, mean", lambda c: round(statistics.fmean(c.latencies().values()), 4)),
    "latency_most": latency_row("send to pointer, most", lambda c: max(c.latencies().values())),
    "latency_both_ways_least": latency_row("mean of both directions, least", lambda c: min(c.both_ways())),
    "latency_both_ways_most": latency_row("mean of both directions, most", lambda c: max(c.both_ways())),
}

# (chip, figure, published, source, why nothing measures it yet)
NOT_MEASURED = [
    ("Mk1, Mk2", "IPU-Links of a chip", "10 of 128 Gbit/s each way, 320 GB/s", "[official] glossary, [code] PopLibs",
     "exchange between chips is not modelled yet"),
    ("C600", "IPU-Links of a card", "128 GB/s both ways", "[official] ByteMLPerf", "exchange between chips is not modelled yet"),
    ("Mk2", "sync between chips", "15 ns a hop", "[HC33-2nd], [code] PopLibs",
     "chips of a system meet no other chip's sync yet"),
    ("Mk2", "host sync loop", "0.363 us a sync, 0.22 without its delays", "[official] gc-hostsynclatencytest, [derived]",
     "the machine it was run on is not named; a mark is a register here, without wires"),
    ("Mk2", "chip to host through the gateway", "5.5 GB/s", "[official] example text", "no gateway is modelled"),
    ("Mk1", "loads by hand-written assembly", "30.7 of 31.1 TB/s", "[meas] Jia et al.",
     "the program is not public; the steady state is the 31.1 above"),
    ("Mk1", "STREAM of compiled C++", "8 TB/s", "[meas] ipu-hpc-cookbook", "there is no compiler here"),
    ("Bow", "best measured f16 peak", "335 of 348.6 TFLOPS", "[meas] tessellate-ipu",
     "of vertices whose sources are not public; cycles of such steps are in tests/chip/measured_timing_test.cpp"),
    ("Mk1", "exchange latency under full load", "24 % more", "[meas] Jia et al.",
     "a message of the library, whose schedule is not public; words here take no longer under load"),
    ("Mk1", "exchange latency by distance", "none", "-", "only constants are public (docs/exchange.md, Mk1)"),
    ("Mk2, C600", "power", "300 W chip, 185 W card, 1.3 pJ per f16 operation", "[HC33-2nd], [official]",
     "there is no power model"),
    ("Mk1, Mk2", "transistors, die", "23.6 and 59.3 thousand million, 823 mm2", "[HC33-2nd], [press]",
     "not a matter of a program"),
]


def latency_rows(chip, table):
    """The table's rows with what was measured: on a system of just their places if not all pairs are known."""
    found = chip.latencies()
    return [{**row, "measured": found[row["from"], row["to"]]} for row in table]
