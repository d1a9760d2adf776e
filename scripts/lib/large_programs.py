#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a program for all 1,472 tiles of configs/mk2.yaml, to see what starting and recording take (docs/speed.md).

permutation: every tile sends 1,024 words to another one, drawn at random from a fixed seed.
all_to_all:  every tile sends one word to every other.
integers:    ten times all six workers of every tile run a loop of five integer bundles 500 times, then the permutation.
axpy:        the same with a loop of f32 sums and products instead.
"""
import argparse
import pathlib
import random

TILES = 1472
RUNTIME = pathlib.Path(__file__).resolve().parents[2] / "firmware" / "runtime"
MAIN = """#include "ipu_runtime.h"
    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    call $m10, exchange_go
    SUPERVISOR_RETURN
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER outgoing, 4 * {words}
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER incoming, 4 * {words}
"""
LOOPS = {
    "integers": "    add $m1, $m1, 3\n    xor $m2, $m1, $m0\n    shl $m3, $m2, 2\n    sub $m4, $m3, $m1\n",
    "axpy": "    {add $m1, $m1, 3; f32v2mul $a0:1, $a2:3, $a4:5}\n    {xor $m2, $m1, $m0; f32v2add $a6:7, $a0:1, $a6:7}\n",
}
WORKER = """    .worker
FUNCTION spin
    setzi $m0, 499
again:
{loop}    brnzdec $m0, again
    WORKER_EXIT
"""


def computing(kind, main):
    """The program's main, with ten rounds of compute before each exchange, and its vertex."""
    rounds = "    .rept 10\n    RUN_WORKERS spin\n    call $m10, exchange_go\n    .endr\n"
    head, data = main.replace("    call $m10, exchange_go\n", rounds).split("    .section", 1)
    return head + WORKER.format(loop=LOOPS[kind]) + "    .section" + data


def permutation():
    """Receivers by sender; nobody sends to itself."""
    generator = random.Random(1)
    to = list(range(TILES))
    while any(sender == receiver for sender, receiver in enumerate(to)):
        generator.shuffle(to)
    return to


def exchange(kind):
    where = "source: outgoing, destination: incoming"
    if kind == "all_to_all":
        return [f"  - {{name: go, pattern: all_to_all, tiles: all, words: 1, {where}}}"]
    messages = [f"      - {{from: {sender}, to: {receiver}, words: 1024, {where}}}"
                for sender, receiver in enumerate(permutation())]
    return ["  - name: go", "    pattern: messages", "    messages:"] + messages


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["permutation", "all_to_all", *LOOPS])
    parser.add_argument("folder", type=pathlib.Path, help="gets program.yaml and main.S")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    words = TILES if arguments.kind == "all_to_all" else 1024
    text = MAIN.format(words=words)
    (arguments.folder / "main.S").write_text(computing(arguments.kind, text) if arguments.kind in LOOPS else text)
    lines = [f"program: {arguments.kind}", "images:", "  - tiles: all", f"    sources: [{RUNTIME}/start.S, main.S]",
             f"    include_dirs: [{RUNTIME}]", "exchange:", *exchange(arguments.kind), "read:",
             "  - {name: got, symbol: incoming, tiles: all, type: u32, count: 4}"]
    (arguments.folder / "program.yaml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
