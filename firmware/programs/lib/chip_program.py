# SPDX-License-Identifier: Apache-2.0
"""What the generators of chip-scale programs share: the system they are made for, a program file with its numbers, its figures.

A generator makes a ProgramFile, adds images, phases, loads, reads and expectations (keys: docs/program.md), and writes the folder:

    program.yaml    the program
    data/*.npy      what is loaded and expected, and lists of messages
    figures.json    what figures.py needs to tell rates: the parts between marks, with their work and their bound
"""
import argparse
import json
import os
import pathlib

import numpy as np
import yaml

PROGRAMS = pathlib.Path(__file__).resolve().parents[1]
FIRMWARE = PROGRAMS.parent
RUNTIME = FIRMWARE / "runtime"
CODELETS = FIRMWARE / "codelets"


def merged(below, above):
    """Maps key by key, all else as `above` has it: `based_on` of configs/README.md."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}


def read_part(path):
    part = yaml.safe_load(path.read_text())
    return merged(read_part(path.parent / part["based_on"]), part) if "based_on" in part else part


class System:
    """A system file of one chip: its name, how many tiles it has, their clock."""

    def __init__(self, path):
        self.path = pathlib.Path(path).resolve()
        data = yaml.safe_load(self.path.read_text())
        if "part" not in data:
            raise SystemExit(f"{path}: has no key 'part'; these programs run on systems of one chip")
        part = read_part(self.path.parent / data["part"])
        self.name = data["system"]
        self.clock_hz = int(part["clock_hz"])
        places = data["tiles"]["places"]
        if places == "all":
            grid = part["grid"]
            self.tiles = grid["rows"] * grid["columns"] * grid["lanes"]
        else:
            self.tiles = sum(self._count(place) for place in places)

    @staticmethod
    def _count(place):
        first, _, last = str(place).partition("-")
        return int(last) - int(first) + 1 if last else 1


def argument_parser(doc):
    """--system and --out, which all generators have."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--system", type=System, required=True, help="system file the program is made for")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder that gets program.yaml and its data")
    return parser


class ProgramFile:
    def __init__(self, name, description, system, folder):
        self.name, self.description, self.system, self.folder = name, description, system, folder
        self.lists = {key: [] for key in ("images", "exchange", "load", "read", "expectations")}
        self.marks, self.work = [], {}

    def image(self, sources, defines=None, tiles="all", include_dirs=()):
        """sources: paths of the tree; start.S comes first by itself."""
        paths = [RUNTIME / "start.S", *sources]
        self.lists["images"].append({
            "tiles": tiles, "sources": [self._relative(p) for p in paths],
            "include_dirs": [self._relative(p) for p in (RUNTIME, CODELETS, *include_dirs)], "defines": defines or {}})

    def phase(self, name, pattern, source, destination, **more):
        """A phase of one of the planner's patterns."""
        self.lists["exchange"].append(
            {"name": name, "pattern": pattern, **more, "source": source, "destination": destination})

    def messages(self, name, source, destination, rows):
        """A phase of messages: rows of (from, to, words, source offset, destination offset), offsets in bytes."""
        self.phase(name, "messages", source, destination, messages_file=self._save(f"messages_{name}", np.array(list(rows), np.uint32)))

    def load(self, symbol, array, kind, tiles="all", each=True, offset=0):
        """array: a line per tile of `tiles`, or with each=False the same for all of them."""
        suffix = f"_{offset}" if offset else ""
        self.lists["load"].append(
            {"symbol": symbol, "tiles": tiles, "type": kind, "file": self._save(f"load_{symbol}{suffix}", array),
             "offset": offset, "distribute": "split" if each else "same"})

    def read(self, name, symbol, kind, count, tiles="all"):
        self.lists["read"].append({"name": name, "symbol": symbol, "tiles": tiles, "type": kind, "count": int(count)})

    def expect(self, name, output, array, **tolerance):
        """output, a name of read(), equals the array, bit by bit unless a tolerance is given."""
        self.lists["expectations"].append(
            {"name": name, "output": output, "equals": self._save(f"expected_{output}", array), **tolerance})

    def expect_share(self, name, output, array, at_least):
        """So many of the elements, 1 being all, equal those of the array bit by bit."""
        self.lists["expectations"].append(
            {"name": name, "output": output, "matches": self._save(f"matched_{output}", array), "at_least": at_least})

    def expect_cycles(self, at_most, at_least=1, kind="total"):
        self.lists["expectations"].append(
            {"name": f"{kind} cycles", "cycles": kind, "at_most": int(at_most), "at_least": int(at_least)})

    def mark(self, name, bound=None, **work):
        """The part that ends at the next MARK of the program: its name, the least cycles it can take by `bound` (cycles, why),
        and its work over all tiles, such as words=, flop=, images=. Parts of one name are added up."""
        self.marks.append({"name": name, "bound": None if bound is None else {"cycles": int(bound[0]), "why": bound[1]},
                           "work": {key: int(value) for key, value in work.items()}})

    def whole(self, **work):
        """The work of all parts together."""
        self.work.update({key: int(value) for key, value in work.items()})

    def write(self):
        if self.marks:
            self.read("cycle_marks", "cycle_marks", "u32", len(self.marks))
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = [f"program: {self.name}", f"description: {json.dumps(self.description)}"]
        for key, items in self.lists.items():
            if items:
                lines += [f"{key}:"] + [f"  - {json.dumps(item)}" for item in items]  # maps of JSON are maps of YAML
        (self.folder / "program.yaml").write_text("\n".join(lines) + "\n")
        figures = {"program": self.name, "system": self.system.name, "tiles": self.system.tiles,
                   "clock_hz": self.system.clock_hz, "work": self.work, "marks": self.marks}
        (self.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")

    def _relative(self, path):
        return os.path.relpath(pathlib.Path(path).resolve(), self.folder.resolve())

    def _save(self, name, array):
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        np.save(self.folder / "data" / f"{name}.npy", array)
        return f"data/{name}.npy"


def f32_without_denormals(array):
    """The tiles flush denormals, numpy does not: none may occur. Nor anything beyond f32."""
    assert array.dtype == np.float32 and np.all(np.isfinite(array)), "beyond f32"
    assert np.all((array == 0) | (np.abs(array) >= np.float32(2.0**-126))), "a denormal, which the tiles flush"
    return array


def exchange_cycles_bound(sent, received):
    """A bus carries a word per cycle, and so does a mux: no plan needs fewer cycles than the busiest of them has words."""
    return max(int(np.max(sent)), int(np.max(received))), "a word per cycle and tile"
