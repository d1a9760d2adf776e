# SPDX-License-Identifier: Apache-2.0
"""Draws the RTL's block diagram from rtl/*/*.sv: docs/rtl.dot, and from it, with Graphviz, docs/rtl.svg. The modules of each
stage, and the structs that go from one to another. A test compares the .dot with the RTL."""
import argparse
import html
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLOURS = {"pipeline": "#dbe9f6", "tile": "#eef4fb", "float": "#fdebd3", "engine": "#e2f0d9", "memory": "#ece4f4"}
# The instances of ipu_tile and ipu_tile_top, and the stages they are.
STAGES = {"u_issue": "F, I", "u_execute": "X1, X2", "u_engine_lane": "X1 .. M", "u_commit": "M", "u_retire": "W", "u_memory": "memory"}

TOKEN = re.compile(
    r"//[^\n]*|for\s*\(genvar\s+\w+\s*=\s*0;\s*\w+\s*<\s*(\d+)[^)]*\)\s*begin|\bbegin\b|\bend\b"
    r"|\b(ipu_\w+)\s+(?:#\((?:[^()]|\([^()]*\))*\)\s*)?(u_\w+)\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\);"
)


def instances(source):
    """(module, instance, connections, number) of every instance in a module's text."""
    found, loops = [], []
    for token in TOKEN.finditer(source):
        text = token[0]
        if text.startswith("//"):
            continue
        if token[2]:
            number = 1
            for times in loops:
                number *= times
            found.append((token[2], token[3], token[4], number))
        elif text == "end":
            if loops:
                loops.pop()
        else:
            loops.append(int(token[1]) if token[1] else 1)
    return found


class Design:
    def __init__(self, rtl):
        self.source, self.folder = {}, {}
        for path in sorted(rtl.glob("*/*.sv")):
            if not path.stem.endswith("_pkg"):
                self.source[path.stem] = path.read_text(encoding="utf-8")
                self.folder[path.stem] = path.parent.name

    def children(self, module):
        """Modules in it and how many of each, in the order of the source."""
        total = {}
        for inner, _, _, number in instances(self.source.get(module, "")):
            total[inner] = total.get(inner, 0) + number
        return total

    def lines(self, module, number, depth):
        """The module and all in it, one line each: (depth, text, folder)."""
        mark = f" x{number}" if number > 1 else ""
        result = [(depth, module + mark, self.folder.get(module, "float"))]  # tables are generated
        for inner, inside in self.children(module).items():
            result += self.lines(inner, inside, depth + 1)
        return result


def flows(design):
    """Structs that go from one instance of ipu_tile to another: {(from, to): [types]}."""
    source = design.source["ipu_tile"]
    types = {}
    for declaration in re.finditer(r"^ +ipu_\w+_pkg::(\w+)\s+([\w, ]+);", source, re.M):
        for name in declaration[2].split(","):
            types[name.strip()] = declaration[1]
    drives, reads = {}, {}
    for _, instance, connections, _ in instances(source):
        for port, signal in re.findall(r"\.(\w+)\((\w+)", connections):
            if signal in types:
                (drives if port.endswith("_o") else reads).setdefault(signal, []).append(instance)
    result = {}
    for signal, kind in types.items():
        for begin in drives.get(signal, []):
            for end in reads.get(signal, []):
                if begin != end:
                    labels = result.setdefault((begin, end), [])
                    if kind not in labels:
                        labels.append(kind)
    return result


def node(design, instance, module):
    rows = [f'<tr><td align="left"><b>{STAGES[instance]}: {module}</b></td></tr>']
    for depth, text, folder in design.lines(module, 1, 0)[1:]:
        space = "&nbsp;" * 4 * (depth - 1)
        rows.append(f'<tr><td align="left" bgcolor="{COLOURS[folder]}">{space}{html.escape(text)}</td></tr>')
    table = '<table border="1" cellborder="0" cellspacing="1" cellpadding="2">' + "".join(rows) + "</table>"
    return f"  {instance} [label=<{table}>];"


def draw(design):
    top = {name: module for module, name, _, _ in instances(design.source["ipu_tile_top"]) if name != "u_tile"}
    tile = {name: module for module, name, _, _ in instances(design.source["ipu_tile"])}
    if set(tile) | set(top) != set(STAGES):
        sys.exit(f"error: ipu_tile and ipu_tile_top hold {sorted(set(tile) | set(top))}: STAGES of {__file__} tells which stages they are")
    lines = [
        "// Written by scripts/lib/rtl_diagram.py from rtl/.",
        "digraph rtl {",
        '  rankdir=LR; nodesep=0.4; ranksep=1.1; fontname="Helvetica";',
        '  node [shape=plain, fontname="Helvetica", fontsize=11];',
        '  edge [fontname="Helvetica", fontsize=10, color="#345060"];',
    ]
    lines += [node(design, name, module) for name, module in (tile | top).items()]
    for (begin, end), kinds in sorted(flows(design).items()):
        back = list(STAGES).index(end) < list(STAGES).index(begin)
        label = "\\n".join(kinds)
        style = ", constraint=false, style=dashed" if back else ""
        lines.append(f'  {begin} -> {end} [label="{label}"{style}];')
    lines += ['  u_commit -> u_memory [label="loads, store,\\nsend, receive"];', '  u_memory -> u_retire [label="data"];',
              '  u_memory -> u_issue [label="words fetched", constraint=false, style=dashed];', "}"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rtl", type=pathlib.Path, default=ROOT / "rtl")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs/rtl.dot", help="the .svg goes beside it")
    parser.add_argument("--check", action="store_true", help="only compare: exit code 1 if --out is out of date")
    arguments = parser.parse_args()
    drawn = draw(Design(arguments.rtl))
    if arguments.check:
        if not arguments.out.exists() or arguments.out.read_text(encoding="utf-8") != drawn:
            sys.exit(f"error: {arguments.out} is not what the RTL is now: run scripts/lib/rtl_diagram.py")
        return
    if not shutil.which("dot"):
        sys.exit("error: Graphviz is missing: apt-get install graphviz")
    arguments.out.write_text(drawn, encoding="utf-8")
    subprocess.run(["dot", "-Tsvg", "-o", arguments.out.with_suffix(".svg"), arguments.out], check=True)


if __name__ == "__main__":
    main()
