#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the digits network and writes everything the program loads (see README.md for the files).

The same bytes come out on every machine: the random numbers are those of numpy's frozen RandomState, and all arithmetic is
float64 addition, multiplication and comparison in an order fixed here. BLAS and exp() are avoided, because the
last bits of both depend on the processor.
"""
import argparse
import gzip
import pathlib

import numpy as np

INPUTS, HIDDEN, CLASSES = 64, 32, 10
HELD_OUT = 320  # 20 for each of 16 tiles
SEED = 20
EPOCHS, BATCH = 60, 32
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.02, 0.9, 1e-4


def read_dataset(path):
    """Rows of 64 pixels 0..16 and a label 0..9."""
    with gzip.open(path, "rt") as file:
        rows = np.array([[int(x) for x in line.split(",")] for line in file])
    assert rows.shape[1] == INPUTS + 1
    return rows[:, :INPUTS], rows[:, INPUTS]


def product(a, b):
    """The matrix product, every sum taken in the order of the inner index."""
    total = np.zeros((a.shape[0], b.shape[1]))
    for k in range(a.shape[1]):
        total += a[:, k, None] * b[None, k]
    return total


def train(pixels, labels, random):
    """Squared hinge loss, one class against the rest; stochastic gradient descent with momentum.
    Returns weights and biases of both layers, for pixels as they are (0..16)."""
    mean = product(np.full((1, len(pixels)), 1 / len(pixels)), pixels)[0]
    scale = 8.0
    x = (pixels - mean) / scale
    wanted = np.where(labels[:, None] == np.arange(CLASSES), 1.0, -1.0)
    w1 = random.uniform(-1, 1, (INPUTS, HIDDEN)) * 0.25
    w2 = random.uniform(-1, 1, (HIDDEN, CLASSES)) * 0.25
    parameters = [w1, np.zeros((1, HIDDEN)), w2, np.zeros((1, CLASSES))]
    velocity = [np.zeros_like(p) for p in parameters]
    for epoch in range(EPOCHS):
        rate = LEARNING_RATE * (1 - epoch / EPOCHS)
        order = random.permutation(len(x))
        for start in range(0, len(x), BATCH):
            some = order[start:start + BATCH]
            w1, b1, w2, b2 = parameters
            hidden = np.maximum(product(x[some], w1) + b1, 0)
            scores = product(hidden, w2) + b2
            d_scores = -2 * wanted[some] * np.maximum(1 - wanted[some] * scores, 0) / len(some)
            d_hidden = np.where(hidden > 0, product(d_scores, w2.T), 0)
            ones = np.ones((1, len(some)))
            gradients = [product(x[some].T, d_hidden) + WEIGHT_DECAY * w1, product(ones, d_hidden),
                         product(hidden.T, d_scores) + WEIGHT_DECAY * w2, product(ones, d_scores)]
            for p, v, g in zip(parameters, velocity, gradients):
                v *= MOMENTUM
                v -= rate * g
                p += v
    w1, b1, w2, b2 = parameters
    # The machine gets pixels as they are: mean and scale go into the first layer.
    w1 = w1 / scale
    b1 = b1 - product(mean[None, :], w1)
    return w1, b1[0], w2, b2[0]


def pair_stream(weights, biases):
    """What the kernels read: a line per two neurons; first both biases, then both weights of input 0, of input 1, ..."""
    columns = np.concatenate([biases[None, :], weights]).astype(np.float32)
    return [columns[:, n:n + 2].reshape(-1) for n in range(0, columns.shape[1], 2)]


def write_lines(path, title, lines, number):
    with open(path, "w") as file:
        file.write(f"# {title}\n")
        for line in lines:
            file.write(",".join(number(x) for x in line) + "\n")


def f32_text(value):
    text = f"{value:.9g}"  # nine digits give every f32 back
    assert np.float32(text) == value
    return text


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=here / "data", help="folder to write to (default data/)")
    out = parser.parse_args().out
    pixels, labels = read_dataset(here / "data" / "digits.csv.gz")
    random = np.random.RandomState(SEED)
    order = random.permutation(len(pixels))
    held_out, training = order[:HELD_OUT], order[HELD_OUT:]
    w1, b1, w2, b2 = train(pixels[training].astype(np.float64), labels[training], random)

    write_lines(out / "heldout_rows.csv", "rows of digits.csv.gz (from 0) the training never sees", held_out[:, None], str)
    write_lines(out / "heldout_pixels.csv", "their 64 pixels, 0..16", pixels[held_out], str)
    write_lines(out / "heldout_labels.csv", "their true labels", labels[held_out, None], str)
    write_lines(out / "layer1.csv", "line t: hidden neurons 2t and 2t+1: their biases, then their weights for pixel 0, pixel 1, ...",
                pair_stream(w1, b1), f32_text)
    write_lines(out / "layer2.csv", "line p: classes 2p and 2p+1: their biases, then their weights for hidden neuron 0, 1, ...",
                pair_stream(w2, b2), f32_text)


if __name__ == "__main__":
    main()
