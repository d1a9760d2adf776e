#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Computes on the host what the program must find: the network of data/layer1.csv and data/layer2.csv on the held-out digits.

Every f32 operation is written out in the order README.md states, each rounded on its own, so that scores agree with the tiles' bit
by bit. Shares no code with train.py; reads only the files the program loads, and the true labels for the accuracy it prints.
"""
import argparse
import pathlib

import numpy as np

F32_SMALLEST_NORMAL = np.float32(2.0**-126)


def read_numbers(path, kind):
    with open(path) as file:
        return [[kind(x) for x in line.split(",")] for line in file if not line.startswith("#")]


def split_pairs(lines):
    """Lines of neuron pairs -> biases [neuron], weights [neuron][input]."""
    values = np.array(lines, dtype=np.float32)           # [pair][(bias, weight 0, weight 1, ..) x 2]
    pairs = values.reshape(len(lines), -1, 2)
    neurons = pairs.transpose(0, 2, 1).reshape(2 * len(lines), -1)
    return neurons[:, 0], neurons[:, 1:]


def checked(values):
    """The tiles flush denormals, numpy does not: none may occur. Nor anything beyond f32."""
    assert np.all(np.isfinite(values)), "beyond f32"
    assert np.all((values == 0) | (np.abs(values) >= F32_SMALLEST_NORMAL)), "a denormal, which the tiles flush"
    return values


def layer(inputs, biases, weights):
    """[sample][input] -> [sample][neuron]: bias, then + (input * weight) for input 0, 1, ..., two roundings each."""
    total = np.broadcast_to(biases, (len(inputs), len(biases))).astype(np.float32)
    for k in range(inputs.shape[1]):
        term = checked(inputs[:, k, None] * weights[None, :, k])
        assert term.dtype == np.float32
        total = checked(total + term)
    return total


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, default=here / "data", help="folder to read from (default data/)")
    parser.add_argument("--out", type=pathlib.Path, default=here / "data", help="folder to write to (default data/)")
    arguments = parser.parse_args()
    data, out = arguments.data, arguments.out
    pixels = np.array(read_numbers(data / "heldout_pixels.csv", float), dtype=np.float32)
    truth = np.array(read_numbers(data / "heldout_labels.csv", int))[:, 0]
    b1, w1 = split_pairs(read_numbers(data / "layer1.csv", np.float32))
    b2, w2 = split_pairs(read_numbers(data / "layer2.csv", np.float32))

    hidden = layer(pixels, b1, w1)
    hidden = np.where(hidden > 0, hidden, np.float32(0))
    scores = layer(hidden, b2, w2)
    labels = np.argmax(scores, axis=1)                   # the lowest class of several with the same score

    with open(out / "expected_scores.csv", "w") as file:
        file.write("# by evaluate.py: the ten scores of each held-out digit\n")
        file.writelines(",".join(f"{x:.9g}" for x in row) + "\n" for row in scores)
    with open(out / "expected_labels.csv", "w") as file:
        file.write("# by evaluate.py: the class with the highest score\n")
        file.writelines(f"{x}\n" for x in labels)
    print(f"{np.sum(labels == truth)} of {len(truth)} held-out digits right ({np.mean(labels == truth):.2%})")


if __name__ == "__main__":
    main()
