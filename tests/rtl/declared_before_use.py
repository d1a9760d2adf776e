# SPDX-License-Identifier: Apache-2.0
"""Refuses names of SystemVerilog modules that are used above their declaration, which IEEE 1800 forbids (6.21, 23.9) and
Verilator and Yosys let pass: signals, variables, parameters, types, functions and genvars of a module's own body.

Reads the text, not the grammar: a declaration is recognised by its shape, as this tree writes it, and a name counts once it
is declared anywhere in the module.
"""
import argparse
import pathlib
import re
import sys

TYPE = r"(?:(?:logic|bit|reg|wire|int|integer|genvar|byte|shortint|longint|string|real|time)\b|\w+_pkg::\w+|\w+_[te])"
SIGNED = r"(?:\s+(?:unsigned|signed))?"
RANGE = r"(?:\s*\[[^\]]*\])*"
NAMES = r"(?P<names>\w+" + RANGE + r"(?:\s*=[^,;]*)?(?:\s*,\s*\w+" + RANGE + r"(?:\s*=[^,;]*)?)*)"
DECLARATION = re.compile(r"^\s*(?:automatic\s+|static\s+|const\s+)?(?:localparam\s+|parameter\s+)?(?:" + TYPE + r")" + SIGNED + RANGE + r"\s+" + NAMES + r"\s*;")
UNTYPED_PARAMETER = re.compile(r"^\s*(?:localparam|parameter)\s+" + RANGE + r"\s*(?P<names>\w+)\s*=")
TYPE_NAME = re.compile(r"^\s*\}\s*(?P<names>\w+)\s*;|^\s*typedef\b[^{;]*\s(?P<names2>\w+)\s*;")
FUNCTION = re.compile(r"^\s*function\s+(?:automatic\s+)?[^;(]*?(?P<names>\w+)\s*[(;]")
IDENTIFIER = re.compile(r"(?<![\w.$'`:])(\.)?([A-Za-z_]\w*)")


def without_comments(text):
    blank = lambda match: re.sub(r"[^\n]", " ", match[0])
    return re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"", blank, text, flags=re.S)


def declared_names(match):
    text = match.group("names") or match.groupdict().get("names2") or ""
    depth, name_list, name = 0, [], ""
    for character in text + ",":
        depth += (character in "[({") - (character in "])}")
        if character == "," and depth == 0:
            name_list.append(re.match(r"\s*(\w+)", name)[1])
            name = ""
        else:
            name += character
    return name_list


def joined(lines, start):
    """The statement that begins in lines[start], up to its semicolon, as one line."""
    text = ""
    for line in lines[start:start + 12]:
        text += line + " "
        if ";" in line or "{" in line:
            break
    return text


def check(path):
    lines = without_comments(path.read_text(encoding="utf-8")).split("\n")
    declared, depth = {}, 0
    for number, line in enumerate(lines):
        # Names of a block or function of its own belong to it alone.
        depth += len(re.findall(r"\b(?:begin|function)\b", line)) - len(re.findall(r"\b(?:end|endfunction)\b", line))
        statement = joined(lines, number)
        for pattern in (DECLARATION, UNTYPED_PARAMETER, TYPE_NAME, FUNCTION):
            match = pattern.match(statement)
            if match and (depth == 0 or (pattern is FUNCTION and depth == 1)):
                for name in declared_names(match):
                    declared.setdefault(name, number)
                break
    problems = {}
    for number, line in enumerate(lines):
        for match in IDENTIFIER.finditer(line):
            name = match[2]
            # `.name(signal)` names a port; `.name` alone also the signal of that name.
            if match[1] and re.match(r"\s*\(", line[match.end():]):
                continue
            if name in declared and number < declared[name] and name not in problems:
                problems[name] = f"{path}:{number + 1}: {name} is used here and declared in line {declared[name] + 1}"
    return list(problems.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    problems = [problem for file in arguments.files for problem in check(file)]
    print("\n".join(problems) if problems else f"{len(arguments.files)} files: every name is declared above its use")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
