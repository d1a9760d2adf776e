#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the batch program for a system: samples for all of its tiles, made of the held-out digits, and what numpy says of them.

Labels and scores are computed by evaluate.py, in the order of operations that README.md states.
"""
import pathlib
import sys

import numpy as np

import evaluate

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import chip_program as chip  # noqa: E402

SEED = 6
WORKERS = 6
DARKEST = 16


def batch(pixels, truth, count):
    """`count` samples: the held-out digits again and again, from the second time on every pixel one up or down, or neither."""
    rows = np.arange(count) % len(pixels)
    noise = np.random.RandomState(SEED).randint(-1, 2, (count, pixels.shape[1]))
    noise[:len(pixels)] = 0
    return np.clip(pixels[rows] + noise, 0, DARKEST).astype(np.float32), truth[rows]


def main():
    parser = chip.argument_parser(__doc__)
    parser.add_argument("--samples", type=int, default=24, help="samples of a tile, at least six")
    arguments = parser.parse_args()
    system, own, data = arguments.system, arguments.samples, HERE / "data"
    tiles = system.tiles
    pixels = np.array(evaluate.read_numbers(data / "heldout_pixels.csv", float), dtype=np.float32)
    truth = np.array(evaluate.read_numbers(data / "heldout_labels.csv", int))[:, 0]
    streams = [evaluate.read_numbers(data / name, np.float32) for name in ("layer1.csv", "layer2.csv")]
    samples, truth = batch(pixels, truth, tiles * own)
    hidden = evaluate.layer(samples, *evaluate.split_pairs(streams[0]))
    scores = evaluate.layer(np.where(hidden > 0, hidden, np.float32(0)), *evaluate.split_pairs(streams[1]))

    program = chip.ProgramFile("digits_batch", f"an MLP 64-32-10 in f32 classifies {tiles * own} handwritten digits, {own} on each tile",
                               system, arguments.out)
    program.image([chip.RUNTIME / "copy.S", *(HERE / name for name in ("batch.S", "layer1.S", "layer2.S"))], include_dirs=[HERE],
                  defines={"BATCH": own})
    weights = np.concatenate([np.ravel(stream) for stream in streams])
    program.phase("broadcast", "broadcast", "weights", "layer1_weights", tiles="all", words=len(weights))
    program.load("weights", weights, "f32", tiles="0", each=False)
    program.load("inputs", samples.reshape(tiles, -1), "f32")
    program.read("labels", "labels", "u32", own)
    program.read("scores", "scores", "f32", own * scores.shape[1])
    labels = np.argmax(scores, axis=1)
    program.expect("labels as by numpy", "labels", labels.reshape(tiles, -1))
    program.expect("scores as by numpy bit by bit", "scores", scores.reshape(tiles, -1))
    program.expect_share("accuracy on held-out digits", "labels", truth.reshape(tiles, -1), at_least=0.9)

    inputs, hidden_count, classes = pixels.shape[1], hidden.shape[1], scores.shape[1]
    turns = -(-own // WORKERS) * WORKERS
    why = "an addition and a multiplication per pair of weights"
    layer1, layer2 = turns * hidden_count * inputs, turns * classes * hidden_count
    program.mark("own copy")
    program.mark("broadcast", bound=chip.exchange_cycles_bound(len(weights), len(weights)), words=(tiles - 1) * len(weights))
    program.mark("layer 1", bound=(layer1, why), flop=2 * tiles * own * hidden_count * inputs)
    program.mark("layer 2", bound=(layer2, why), flop=2 * tiles * own * classes * hidden_count)
    program.whole(images=tiles * own)
    least = len(weights) + layer1 + layer2
    program.expect_cycles(at_most=1.4 * least + 5000, at_least=least)
    program.write()


if __name__ == "__main__":
    main()
