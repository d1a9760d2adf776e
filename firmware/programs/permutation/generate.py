#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a program for a system in which all words of all its tiles change places, and what every tile must end with.

permutation: blocks of words (--block 1: every word by itself) go to places drawn at random, none of them on its own tile.
all_to_all:  block j of tile k becomes block k of tile j.
"""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import chip_program as chip  # noqa: E402

SEED = 7
MOST_IN_ROUNDS = 200_000  # messages whose order the planner tries as it is given


def draw_permutation(tiles, blocks):
    """The place each block goes to, counted over all tiles; no block stays on its tile."""
    random = np.random.RandomState(SEED)
    home = np.repeat(np.arange(tiles), blocks)
    to = random.permutation(tiles * blocks)
    while True:
        staying = np.flatnonzero(home == to // blocks)
        if not len(staying):
            return to
        for block, other in zip(staying, random.randint(0, tiles * blocks, len(staying))):
            to[block], to[other] = to[other], to[block]


def halves(edges, tiles):
    """Edges (sender, receiver) of which every tile has the same even number on either side, as two lists of half as many each:
    along closed ways through the graph, those walked from sender to receiver and those walked back."""
    at_node = [[] for _ in range(2 * tiles)]
    for index, (sender, receiver) in enumerate(edges):
        at_node[sender].append(index)
        at_node[tiles + receiver].append(index)
    walked = [None] * len(edges)
    for start in range(tiles):
        node = start
        while True:
            while at_node[node] and walked[at_node[node][-1]] is not None:
                at_node[node].pop()
            if not at_node[node]:
                break  # only where the way began
            index = at_node[node].pop()
            walked[index] = node < tiles
            node = tiles + edges[index][1] if node < tiles else edges[index][0]
    return [i for i, forth in enumerate(walked) if forth], [i for i, forth in enumerate(walked) if not forth]


def in_rounds(edges, tiles):
    """The indices of the edges in an order in which each `tiles` of them name every sender and every receiver once, as far as the
    number of edges per tile can be halved. Messages that are planned in that order get in each other's way least."""
    if len(edges) // tiles % 2 or len(edges) > MOST_IN_ROUNDS:
        return list(range(len(edges)))
    return [half[i] for half in halves(edges, tiles) for i in in_rounds([edges[j] for j in half], tiles)]


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--kind", choices=["permutation", "all_to_all"], default="permutation")
    parser.add_argument("--words", type=int, help="words of a tile (permutation: 8192; all_to_all: a block of 8 for each tile)")
    parser.add_argument("--block", type=int, help="words that stay together (permutation: 1024; all_to_all: all for one tile)")
    arguments = parser.parse_args()
    system = arguments.system
    tiles = system.tiles
    together = arguments.kind == "all_to_all"
    words = arguments.words or (8 * tiles if together else 8192)
    block = words // tiles if together else arguments.block or 1024
    if words % block or together and words % tiles:
        parser.error("a tile has a whole number of blocks, all_to_all one for each tile")
    blocks = words // block

    start = np.random.RandomState(SEED + 1).randint(0, 2**32, (tiles, blocks, block), dtype=np.uint32)
    program = chip.ProgramFile(arguments.kind, f"{tiles} x {words} words change places in blocks of {block}", system, arguments.out)
    program.image([HERE / "main.S"], defines={"WORDS": words})
    program.load("outgoing", start.reshape(tiles, -1), "u32")
    program.read("incoming", "incoming", "u32", words)
    if together:
        end = start.transpose(1, 0, 2).copy()
        end[np.arange(tiles), np.arange(tiles)] = 0  # a tile sends nothing to itself
        sent = words - block
        program.phase("go", "all_to_all", "outgoing", "incoming", tiles="all", words=block)
    else:
        to = draw_permutation(tiles, blocks)
        end = np.empty_like(start)
        end.reshape(-1, block)[to] = start.reshape(-1, block)
        sent = words
        order = in_rounds([(place // blocks, there // blocks) for place, there in enumerate(to.tolist())], tiles)
        program.messages("go", "outgoing", "incoming", (
            (place // blocks, to[place] // blocks, block, 4 * block * (place % blocks), 4 * block * (to[place] % blocks))
            for place in order))
    program.expect("every word", "incoming", end.reshape(tiles, -1))
    bound = chip.exchange_cycles_bound(sent, sent)
    program.mark("exchange", bound=bound, words=tiles * sent)
    program.expect_cycles(at_most=1.5 * bound[0] + 2500, at_least=bound[0])
    program.write()


if __name__ == "__main__":
    main()
