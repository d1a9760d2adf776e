# SPDX-License-Identifier: Apache-2.0
"""Matrices of 16 x 16 f16 as the AMP engine takes them (firmware/codelets/gemm_f16.S)."""
import numpy as np

SIDE = 16


def unit_of(output):
    """The engine's unit of an output: results leave in pairs, of one set and the other."""
    return (output & 1) + 2 * (output // 4) + (output & 2) * 4


def coefficients(block):
    """[..., 16 inputs, 16 outputs]: four inputs of a unit make 64 bits, units in their order."""
    outputs = np.empty(SIDE, int)
    for output in range(SIDE):
        outputs[unit_of(output)] = output
    return np.swapaxes(block[..., outputs], -1, -2)
