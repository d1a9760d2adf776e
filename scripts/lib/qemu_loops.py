# SPDX-License-Identifier: Apache-2.0
"""Times the scalar RISC-V loops of riscv/loops.s in qemu-riscv64, in processor time. Used by scripts/bench.

Prints why and writes {} if QEMU or LLVM's assembler is not there.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

ELEMENTS = 1000  # `elements` of loops.s
# Loop of tile_speed: (LOOP, instructions per pass, work per pass in the unit that tile_speed counts, passes that
# take about a tenth of a second).
LOOPS = {
    "integer_loop": (0, 5, 1, 20_000_000),
    "f32_axpy": (1, 7 * ELEMENTS, ELEMENTS, 4_000),
    "repeat_of_amp_bundles/hihov4amp": (2, 6 * ELEMENTS, ELEMENTS, 4_000),
    "six_worker_mix": (3, 18, None, 4_000_000),  # its parts have no unit in common
}


def tool(name):
    return shutil.which(name + "-14") or shutil.which(name)


def executable(folder, loop, passes):
    source = pathlib.Path(__file__).with_name("riscv") / "loops.s"
    compiled, binary = folder / "loops.o", folder / "loops"
    subprocess.run([tool("llvm-mc"), "-triple=riscv64", "-mattr=+m,+a,+f,+d", "-filetype=obj", f"--defsym=LOOP={loop}",
                    f"--defsym=PASSES={passes}", str(source), "-o", str(compiled)], check=True)
    subprocess.run([tool("llvm-objcopy"), "-O", "binary", "-j", ".text", str(compiled), str(binary)], check=True)
    binary.chmod(0o755)
    return binary


def seconds(emulator, binary):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([emulator, str(binary)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(emulator, folder, loop, passes, least):
    """Passes per second: as many as take the least time, without the emulator's start."""
    start = min(seconds(emulator, executable(folder, loop, 1)) for _ in range(3))
    while True:
        binary = executable(folder, loop, passes)
        taken = seconds(emulator, binary) - start
        if taken >= least:
            return passes / min(taken, seconds(emulator, binary) - start)
        passes *= max(2, int(1.2 * least / max(taken, 0.01)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", help="JSON to write")
    parser.add_argument("--min-time", type=float, default=2, help="least time spent on a loop, seconds")
    arguments = parser.parse_args()
    emulator = os.environ.get("IPUSIM_QEMU") or shutil.which("qemu-riscv64")
    loops = {}
    if not emulator or not shutil.which(emulator):
        print("qemu-riscv64: not installed: apt-get install qemu-user")
    elif not tool("llvm-mc") or not tool("llvm-objcopy"):
        print("llvm-mc, llvm-objcopy: not installed: apt-get install llvm-14")
    else:
        with tempfile.TemporaryDirectory() as folder:
            for name, (loop, instructions, work, passes) in LOOPS.items():
                rate = measure(emulator, pathlib.Path(folder), loop, passes, arguments.min_time)
                loops[name] = {"instructions_per_second": rate * instructions}
                if work:
                    loops[name]["work_per_second"] = rate * work
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump(loops, file)


if __name__ == "__main__":
    sys.exit(main())
