# SPDX-License-Identifier: Apache-2.0
"""Makes the table of cells and levels per module from the output of Yosys' stat and ltp. Used by scripts/synth."""
import argparse
import re
import sys

BEGIN = "<!-- synthesis: written by scripts/synth --doc -->"
END = "<!-- end of synthesis -->"
FLIP_FLOP = re.compile(r"^\$_S?A?L?DFF")


def read_stat(path):
    """Cells by type of every module: {module: {cell type or module: number}}."""
    modules = {}
    cells = None
    with open(path, encoding="utf-8") as file:
        for line in file:
            if heading := re.match(r"=== (.+) ===", line):
                if heading[1] == "design hierarchy":
                    break
                cells = modules.setdefault(heading[1], {})
            elif row := re.match(r"     (\S+) +(\d+)$", line):
                cells[row[1]] = int(row[2])
    return modules


def counts(modules, name):
    """Cells of one module without those of the modules in it: (cells, flip-flops, {submodule: instances})."""
    cells = flip_flops = 0
    inner = {}
    for kind, number in modules[name].items():
        if kind in modules:
            inner[kind] = number
            continue
        cells += number
        if FLIP_FLOP.match(kind):
            flip_flops += number
    return cells, flip_flops, inner


def instances(modules, top):
    """How often each module stands in the design."""
    total = {}

    def visit(name, times):
        total[name] = total.get(name, 0) + times
        for inner, number in counts(modules, name)[2].items():
            visit(inner, times * number)

    visit(top, 1)
    return total


def read_levels(path):
    """Gates on the longest path of every module: {module: number}."""
    with open(path, encoding="utf-8") as file:
        return {row[1]: int(row[2]) for row in re.finditer(r"^Longest topological path in (.+) \(length=(\d+)\):$", file.read(), re.M)}


def plain(signal):
    """A signal of the flattened tile as one reads it: instances by their names, without Yosys' marks."""
    return re.sub(r"\\|\bu_", "", signal)


def read_path(path):
    """The longest path of the flattened tile: (levels, from, to, [(instance, levels in it)])."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    heading = re.search(r"^Longest topological path in \S+ \(length=(\d+)\):$", text, re.M)
    first = re.search(r"^ +0: (.+)$", text, re.M)
    last = re.search(r"^ +ff: (\S+)", text, re.M) or re.findall(r"^ +\d+: (\S+)", text, re.M)[-1:]
    if not heading or not first or not last:
        sys.exit(f"error: {path}: no longest path in it")
    through = []
    for gate in re.finditer(r"^ +[1-9]\d*: .*\(via (?:\$flatten)?(\S*?)\.?\$abc", text, re.M):
        instance = plain(gate[1]) or "tile"
        if not through or through[-1][0] != instance:
            through.append([instance, 0])
        through[-1][1] += 1
    return int(heading[1]), plain(first[1]), plain(last[1] if isinstance(last, re.Match) else last[0]), through


def path_text(path):
    levels, begin, end, through = path
    stations = ", ".join(f"{number} in `{instance}`" for instance, number in through)
    return f"Longest path: **{levels}** gates from `{begin}` to `{end}`: {stations}."


def shown(name):
    """A module's name; Yosys calls one with other parameters than its defaults $paramod$HASH\\NAME, or, if they are
    short, $paramod\\NAME\\PARAMETER=VALUE."""
    derived = re.fullmatch(r"\$paramod(?:\$[0-9a-f]+)?\\([^\\]+)(?:\\.*)?", name)
    return f"`{derived[1]}`, other parameters" if derived else f"`{name}`"


def table(modules, levels, path, top, version):
    number = instances(modules, top)
    rows = []
    for name, times in number.items():
        cells, flip_flops, _ = counts(modules, name)
        rows.append((times * cells, times * flip_flops, times, cells, name))
    rows.sort(key=lambda row: (-row[0], row[4]))
    all_cells = sum(row[0] for row in rows)
    all_flip_flops = sum(row[1] for row in rows)
    lines = [
        f"{version.split(' (')[0]}, `synth`: simple gates, multiplexers, flip-flops; tile memory not included. A module's cells are without those of the modules in it,",
        "its levels are the gates on the longest path between its ports, flip-flops and the modules in it.",
        "",
        path_text(path),
        "",
        "| module | instances | cells each | cells | of them flip-flops | levels |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for cells, flip_flops, times, each, name in rows:
        lines.append(f"| {shown(name)} | {times} | {each} | {cells} | {flip_flops} | {levels.get(name, 0)} |")
    lines.append(f"| **tile** | | | **{all_cells}** | **{all_flip_flops}** | **{path[0]}** |")
    return "\n".join(lines) + "\n"


def insert(path, text):
    with open(path, encoding="utf-8") as file:
        page = file.read()
    begin, end = page.find(BEGIN), page.find(END)
    if begin < 0 or end < begin:
        sys.exit(f"error: {path}: the lines '{BEGIN}' and '{END}' are expected, in this order")
    page = page[: begin + len(BEGIN)] + "\n" + text + page[end:]
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stat", help="what stat printed")
    parser.add_argument("levels", help="what ltp printed of every module without the modules in it")
    parser.add_argument("path", help="what ltp printed of the flattened tile")
    parser.add_argument("table", help="Markdown file to write")
    parser.add_argument("--doc", help="page that gets the table between its markers")
    parser.add_argument("--top", default="ipu_tile")
    parser.add_argument("--version", default="Yosys", help="what yosys -V says")
    arguments = parser.parse_args()
    modules = read_stat(arguments.stat)
    if arguments.top not in modules:
        sys.exit(f"error: {arguments.stat}: no module {arguments.top} in it")
    text = table(modules, read_levels(arguments.levels), read_path(arguments.path), arguments.top, arguments.version)
    with open(arguments.table, "w", encoding="utf-8") as file:
        file.write(text)
    print(text, end="")
    if arguments.doc:
        insert(arguments.doc, text)
        print(f"\nwritten to {arguments.doc}")


if __name__ == "__main__":
    main()
