"""Puts the results of tile_speed and rtl_speed side by side. Used by scripts/bench."""
import argparse
import json
import sys


def read(path):
    """{loop: (bundles per second, cycles per second)} and what the program says of the machine."""
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    loops = {}
    for run in result["benchmarks"]:
        if run.get("error_occurred"):
            sys.exit(f"error: {run['name']}: {run['error_message']}")
        loops[run["name"]] = (run["bundles"], run["cycles"])
    return loops, result["context"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fast", help="JSON of tile_speed")
    parser.add_argument("rtl", help="JSON of rtl_speed")
    parser.add_argument("out", help="JSON to write")
    arguments = parser.parse_args()
    fast, context = read(arguments.fast)
    rtl, _ = read(arguments.rtl)
    if not rtl.keys() <= fast.keys():
        sys.exit(f"error: the fast tile has no loops {sorted(rtl.keys() - fast.keys())}")

    print(f"{'':24} {'fast tile':>21} {'RTL tile':>21}")
    print(f"{'loop':24} {'M bundles/s':>12} {'M cyc/s':>8} {'M bundles/s':>12} {'k cyc/s':>8} {'fast/RTL':>9}")
    loops = []
    for name, (bundles, cycles) in fast.items():
        if name not in rtl:  # instructions the RTL does not execute yet
            print(f"{name:24} {bundles / 1e6:12.1f} {cycles / 1e6:8.1f} {'-':>12} {'-':>8} {'-':>9}")
            loops.append({"loop": name, "fast": {"bundles_per_second": bundles, "cycles_per_second": cycles}})
            continue
        rtl_bundles, rtl_cycles = rtl[name]
        ratio = cycles / rtl_cycles
        print(f"{name:24} {bundles / 1e6:12.1f} {cycles / 1e6:8.1f} {rtl_bundles / 1e6:12.2f} "
              f"{rtl_cycles / 1e3:8.0f} {ratio:9.0f}")
        loops.append({
            "loop": name,
            "fast": {"bundles_per_second": bundles, "cycles_per_second": cycles},
            "rtl": {"bundles_per_second": rtl_bundles, "cycles_per_second": rtl_cycles},
        })
    machine = {key: context[key] for key in ("date", "num_cpus", "mhz_per_cpu") if key in context}
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "loops": loops}, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
