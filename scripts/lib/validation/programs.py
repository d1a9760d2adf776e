# SPDX-License-Identifier: Apache-2.0
"""Runs programs of firmware/validation on systems of configs/ and reads what they measured."""
import array
import json
import pathlib
import random
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
RUNTIME = ROOT / "firmware" / "runtime"
SOURCES = ROOT / "firmware" / "validation"


class Machine:
    """The simulator, and a folder for what it is given and leaves."""

    def __init__(self, ipusim, folder):
        self.ipusim = pathlib.Path(ipusim)
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def run(self, system, name, sources, defines=None, keys=(), tiles="all"):
        """Result of one run as result.json tells it, with the raw outputs beside it; stops where it did not pass."""
        defines = ", ".join(f"{key}: {value}" for key, value in (defines or {}).items())
        out = self.folder / "out"
        lines = [f"program: {name}", "images:", f"  - tiles: {tiles}",
                 f"    sources: [{', '.join([str(RUNTIME / 'start.S'), *map(str, sources)])}]",
                 f"    include_dirs: [{RUNTIME}]", f"    defines: {{{defines}}}", *keys]
        program = self.folder / f"{name}.yaml"
        program.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [str(self.ipusim), "run", str(system), str(program), "--quiet", "--out", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed ({done.returncode}):\n{done.stderr}")
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        for output in result["outputs"]:
            words = array.array("I")
            words.frombytes((out / output["file"]).read_bytes())
            output["words"] = words
        return result


def read_words(name, count, tiles="all"):
    return [f"  - {{name: {name}, symbol: {name}, tiles: {tiles}, type: u32, count: {count}, encoding: raw}}"]


def output(result, name):
    return next(entry["words"] for entry in result["outputs"] if entry["name"] == name)


def places(result):
    return [tile["place"] for tile in result["tiles"]]


def threads(machine, system):
    """Worker contexts that ran, and tiles that had any."""
    result = machine.run(system, "threads", [SOURCES / "threads.S"], keys=["read:", *read_words("numbers", 6)])
    words = output(result, "numbers")
    ran = [[number for number in words[at:at + 6] if number] for at in range(0, len(words), 6)]
    if any(number != slot + 1 for at in ran for slot, number in enumerate(at)):
        raise RuntimeError("a worker left another number than its own")
    return sum(map(len, ran)), sum(map(bool, ran))


def memory_bytes(machine, system, tiles="0-3"):
    """Bytes of a tile's memory: the same on each of some tiles."""
    result = machine.run(system, "memory", [SOURCES / "memory.S"], tiles=tiles,
                         keys=["read:", *read_words("taken", 1, tiles), *read_words("counted", 6, tiles)])
    counted = output(result, "counted")
    sizes = {taken + sum(counted[6 * i:6 * i + 6]) for i, taken in enumerate(output(result, "taken"))}
    if len(sizes) != 1:
        raise RuntimeError(f"tiles have memories of {sorted(sizes)} bytes")
    return sizes.pop()


def sync_cycles(machine, system, zone):
    """From the last arrival at a sync of the zone to its release: what more syncs take more."""
    few, many = 10, 110
    spent = [machine.run(system, "sync", [SOURCES / "sync.S"], {"COUNT": count, "ZONE": zone})["cycles"]["sync"]
             for count in (few, many)]
    return (spent[1] - spent[0]) / (many - few)


def exchange_bytes_per_cycle(machine, system, tiles):
    """Bytes that all tiles receive per cycle while each sends to another."""
    order = list(range(tiles))
    random.Random(tiles).shuffle(order)
    pairs = list(zip(order, order[1:] + order[:1]))
    cycles = {}
    for words in (512, 2048):
        messages = [f"      - {{from: {sender}, to: [{receiver}], words: {words}, source: outgoing, "
                    "destination: incoming}" for sender, receiver in pairs]
        result = machine.run(system, "exchange", [SOURCES / "exchange.S"], {"WORDS": words},
                             ["exchange:", "  - name: go", "    pattern: messages", "    messages:", *messages])
        cycles[words] = result["cycles"]["exchange"]
    return 4 * tiles * (2048 - 512) / (cycles[2048] - cycles[512])


def cycles_of_work(machine, system, codelet, few, many, three_buffers=False, is_worker=False):
    """Cycles that `many` amounts of work take more than `few`, all tiles at once."""
    spent = []
    for amount in (few, many):
        defines = {"CODELET": codelet, "AMOUNT": amount}
        if three_buffers:
            defines["THREE_BUFFERS"] = 1
        if is_worker:
            defines["IS_WORKER"] = 1
        sources = [SOURCES / "rate.S", ROOT / "firmware" / "codelets" / f"{codelet}.S"]
        spent.append(machine.run(system, "rate", sources, defines)["cycles"]["total"])
    return spent[1] - spent[0]


POINTER = int(re.search(r"#define POINTER (\d+)", (SOURCES / "latency.S").read_text(encoding="utf-8")).group(1))
PHASES_OF_A_RUN = 400


def latencies(machine, system, tiles):
    """Send to pointer for every ordered pair of different places of the system, by (sender, receiver)."""
    found = {}
    where = places(machine.run(system, "places", [SOURCES / "threads.S"]))
    if len(where) != tiles:
        raise RuntimeError(f"{system} has {len(where)} tiles, not {tiles}")
    for first in range(1, tiles, PHASES_OF_A_RUN):
        phases = min(PHASES_OF_A_RUN, tiles - first)
        table = array.array("I", (where[(tile + first + k) % tiles] for tile in range(tiles) for k in range(phases)))
        file = machine.folder / "sources.bin"
        file.write_bytes(table.tobytes())
        load = f"  - {{symbol: sources, tiles: all, type: u32, file: {file}, distribute: split}}"
        result = machine.run(system, "latency", [SOURCES / "latency.S"], {"PHASES": phases},
                             ["load:", load, "read:", *read_words("results", phases)])
        words = output(result, "results")
        for tile in range(tiles):
            for k in range(phases):
                sender = where[(tile + first + k) % tiles]
                found[sender, where[tile]] = POINTER - words[tile * phases + k]
    return found
