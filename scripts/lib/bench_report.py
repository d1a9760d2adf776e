# SPDX-License-Identifier: Apache-2.0
"""Puts the results of tile_speed, rtl_speed and qemu_loops.py side by side. Used by scripts/bench."""
import argparse
import json
import sys


def read(path):
    """{loop: (bundles, cycles, work per second)} and what the program says of the machine."""
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    loops = {}
    for run in result["benchmarks"]:
        if run.get("error_occurred"):
            sys.exit(f"error: {run['name']}: {run['error_message']}")
        loops[run["name"]] = (run["bundles"], run["cycles"], run["work"])
    return loops, result["context"]


def rates(measured):
    return dict(zip(("bundles_per_second", "cycles_per_second", "work_per_second"), measured))


def print_tiles(fast, rtl):
    print(f"{'':32} {'fast tile':>21} {'RTL tile':>21}")
    print(f"{'loop':32} {'M bundles/s':>12} {'M cyc/s':>8} {'M bundles/s':>12} {'k cyc/s':>8} {'fast/RTL':>9}")
    for name, (bundles, cycles, _) in fast.items():
        rtl_text = f"{'-':>12} {'-':>8} {'-':>9}"  # not executed by the RTL
        if name in rtl:
            rtl_bundles, rtl_cycles, _ = rtl[name]
            rtl_text = f"{rtl_bundles / 1e6:12.2f} {rtl_cycles / 1e3:8.0f} {cycles / rtl_cycles:9.0f}"
        print(f"{name:32} {bundles / 1e6:12.1f} {cycles / 1e6:8.1f} {rtl_text}")


def print_qemu(fast, qemu):
    """Bundles beside scalar instructions, and what both get done: passes, elements, products."""
    if not qemu:
        return
    print(f"\n{'':32} {'fast tile':>23} {'qemu-riscv64':>23}")
    print(f"{'loop':32} {'M bundles/s':>12} {'M work/s':>10} {'M instr/s':>12} {'M work/s':>10} "
          f"{'issues':>7} {'work':>6}  (fast / qemu)")
    for name, scalar in qemu.items():
        bundles, _, work = fast[name]
        instructions = scalar["instructions_per_second"]
        scalar_work = scalar.get("work_per_second")
        per_work = f"{scalar_work / 1e6:10.1f}" if scalar_work else f"{'-':>10}"
        ratio = f"{work / scalar_work:6.2f}" if scalar_work else f"{'-':>6}"
        print(f"{name:32} {bundles / 1e6:12.1f} {work / 1e6:10.1f} {instructions / 1e6:12.1f} {per_work} "
              f"{bundles / instructions:7.2f} {ratio}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fast", help="JSON of tile_speed")
    parser.add_argument("rtl", help="JSON of rtl_speed")
    parser.add_argument("qemu", help="JSON of qemu_loops.py")
    parser.add_argument("out", help="JSON to write")
    arguments = parser.parse_args()
    fast, context = read(arguments.fast)
    rtl, _ = read(arguments.rtl)
    with open(arguments.qemu, encoding="utf-8") as file:
        qemu = json.load(file)
    for name, others in (("rtl_speed", rtl), ("qemu_loops.py", qemu)):
        if not others.keys() <= fast.keys():
            sys.exit(f"error: {name} has loops that the fast tile lacks: {sorted(others.keys() - fast.keys())}")
    print_tiles(fast, rtl)
    print_qemu(fast, qemu)
    loops = []
    for name, measured in fast.items():
        loop = {"loop": name, "fast": rates(measured)}
        if name in rtl:
            loop["rtl"] = rates(rtl[name])
        if name in qemu:
            loop["qemu"] = qemu[name]
            loop["bundles_per_instruction"] = measured[0] / qemu[name]["instructions_per_second"]
        loops.append(loop)
    machine = {key: context[key] for key in ("date", "num_cpus", "mhz_per_cpu") if key in context}
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "loops": loops}, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
