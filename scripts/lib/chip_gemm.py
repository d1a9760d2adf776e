# SPDX-License-Identifier: Apache-2.0
"""Runs a GEMM program with one and with two threads and compares: see scripts/chip_gemm."""
import json
import os
import pathlib
import subprocess
import sys

TILE_BYTES = 624 << 10       # of a Mk2's tile: isa/arch.yaml
JOBS = (1, 2)
SAME = ("memory_sha256", "cycles", "tiles")


def run(program, system, folder, jobs):
    """result.json, seconds of the run, and the most resident memory of the process in bytes."""
    out = folder / f"jobs{jobs}"
    process = subprocess.Popen([program, "run", system, folder / "program/program.yaml", "--jobs", str(jobs), "--out", out, "--quiet"])
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise SystemExit(1 if code == 1 else f"error: ipusim --jobs {jobs} ended with exit code {code}")
    result = json.loads((out / "result.json").read_text())
    return result, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime


def main():
    program, system, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    shape = json.loads((folder / "program/shape.json").read_text())
    share = pathlib.Path(__file__).resolve().parents[2] / "firmware/programs/gemm/share.py"
    rates, results = {}, {}
    for jobs in JOBS:
        result, resident, processor = run(program, system, folder, jobs)
        seconds, sram = result["step_seconds"]["run"], TILE_BYTES * len(result["tiles"])
        results[jobs] = result
        rates[jobs] = shape["bundles"] * len(result["tiles"]) / seconds
        if jobs == JOBS[0]:
            subprocess.run([sys.executable, share, folder / "program", folder / f"jobs{jobs}"], check=True)
        print(f"--jobs {jobs}: {seconds:.1f} s running, {rates[jobs] / 1e6:.2f} million bundles of the product per second; "
              f"{result['wall_seconds']:.1f} s in all, {processor:.1f} s of processors; "
              f"{resident / (1 << 20):.0f} MiB resident, {resident / sram:.2f} x the {sram / (1 << 20):.0f} MiB of SRAM", flush=True)
    same = all(results[1][key] == results[2][key] for key in SAME)
    print(f"ratio {rates[2] / rates[1]:.2f}; memory and cycles of all tiles are {'the same' if same else 'NOT the same'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
