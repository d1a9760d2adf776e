# SPDX-License-Identifier: Apache-2.0
"""The page docs/validation.md, from what docs/validation.json holds."""
import textwrap

NAMES = {"mk1": "Mk1", "mk2": "Mk2", "bow": "Bow", "c600": "C600"}
UNITS = {"FLOP": "TFLOPS", "B": "TB/s", "tiles": "", "threads": "", "MAC": ""}
HEAD = """# Published figures and measured ones

Made by `scripts/validate`, which runs programs on the model and writes this page and `docs/validation.json`; do not edit
it. Published figures and their sources are data (`configs/published`), no model reads them. Marks: `docs/provenance.md`.
Programs: `firmware/validation` and `firmware/codelets`. Rates are differences of two runs, so that starting and ending do
not count. A figure fits if the measured one has its digits, or lies in its range.

Tiles, sizes, clocks, latencies of syncs and the constants of the exchange are data of the model (`configs/parts`,
`isa/arch.yaml`): measuring them shows that programs see what the data say. Rates are what instructions amount to.
"""


def number(value):
    if isinstance(value, list):
        return " .. ".join(number(end) for end in value)
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"


def figure(text, unit):
    unit = UNITS.get(unit, unit)
    return f"{text} {unit}".rstrip()


def table(heads, rows):
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def judge(row):
    return "yes" if row["fits"] else "no"


def figures_of(chip):
    rows = []
    for row in chip["figures"]:
        ratio = "-" if row["ratio"] is None else f"{row['ratio']:.3f}"
        rows.append([row["title"], figure(row["published"], row["unit"]), figure(number(row["measured"]), row["unit"]),
                     ratio, judge(row), row["condition"], row["source"]])
    return table(["figure", "published", "measured", "ratio", "fits", "measured as", "source"], rows)


def latencies_of(report):
    yield "## Latency by distance"
    yield ""
    yield ("Cycles from the event of a send to that of the receive pointer which catches its word, in the tiles' own time since "
           "a")
    yield ("release; physical places of a C600, measured by `firmware/validation/latency.S` on `configs/c600.yaml`. Mk2 and Bow "
           "have")
    yield "the same. The source of the published ones is in `configs/published/c600_latency.csv`."
    yield ""
    rows = report["latencies"]
    for name in dict.fromkeys(row["table"] for row in rows):
        own = [row for row in rows if row["table"] == name]
        yield f"{name[0].upper()}{name[1:]}:"
        yield ""
        yield from table(["from", "to", "published", "measured", "fits"],
                         [[str(row["from"]), str(row["to"]), str(row["cycles"]), str(row["measured"]),
                           "yes" if row["cycles"] == row["measured"] else "no"] for row in own])
        yield ""


def remarks(report):
    apart = [(NAMES[name], row) for name, chip in report["chips"].items() for row in chip["figures"] if not row["fits"]]
    if not apart:
        return
    yield "What does not fit, and why as far as we know:"
    yield ""
    yield "- f8, f16 and f32 of a C600: the datasheet's figures are those of 1.486 GHz, 0.9 % below the measured 1.5 GHz."
    yield "- Local memory: 24 bytes a cycle are the most that an instruction moves; published are less for the Mk1, more for the"
    yield "  Mk2, and 32 on a slide for both, which fits if fetched code counts too (`docs/provenance.md`)."
    yield "- Internal sync: the slide says about 150 cycles, the vendor's software 126, which the part has."
    yield ""
    yield "- Mean of both directions: the figures in the references lie half a cycle inside what the vendor's formula gives over"
    yield "  all pairs of places, which is what is measured."
    yield ""
    rows = "Rows that do not fit: " + "; ".join(f"{name} {row['title']}" for name, row in apart) + "."
    yield from textwrap.wrap(rows, 118)
    yield ""


def text(report):
    lines = [HEAD.rstrip("\n"), ""]
    for name, chip in report["chips"].items():
        lines += [f"## {NAMES[name]}", "",
                  f"`configs/{name}.yaml`: {chip['tiles']:,} tiles at {chip['clock_hz'] / 1e9:g} GHz.", ""]
        lines += [*figures_of(chip), ""]
    lines += [*remarks(report), *latencies_of(report), "## Not measured", ""]
    lines += table(["chip", "figure", "published", "why not", "source"],
                   [[chip, title, published, reason, source]
                    for chip, title, published, source, reason in report["not_measured"]])
    return "\n".join(lines) + "\n"
