# SPDX-License-Identifier: Apache-2.0
"""Reads configs/published: figures of chips, an entry a line, and tables of latencies."""
import csv
import re

ENTRY = re.compile(r'(\w+):\s*\{value: (\S+), unit: ([\w/ ]+), source: "([^"]*)"\}$')


def read(file):
    """{key: {value, text, unit, source}}; `text` has the digits that were given. A value may be `least..most`."""
    entries = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = ENTRY.match(line)
        if not match:
            raise ValueError(f'{file}:{number}: expected `key: {{value: 1.5, unit: FLOP, source: "..."}}`, a line each')
        key, text, unit, source = match.groups()
        if key in entries:
            raise ValueError(f"{file}:{number}: '{key}' is given twice")
        value = [float(end) for end in text.split("..")] if ".." in text else float(text)
        entries[key] = {"value": value, "text": text, "unit": unit, "source": source}
    return entries


def read_latencies(file):
    """Rows of a table: {table, from, to, cycles}; lines that begin with # are remarks."""
    with file.open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return [{"table": row["table"], "from": int(row["from"]), "to": int(row["to"]), "cycles": int(row["cycles"])}
                for row in rows]
