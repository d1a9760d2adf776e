#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Doxygen's INPUT_FILTER: shows it the `//` comments of a header as documentation.

A block of `//` lines above a declaration becomes `///`, one behind a declaration `///<`, the one at the top of a file
the file's. Comments inside functions stay what they are. Characters that Doxygen takes for commands or HTML are
escaped, and lines of examples (indented by two or more) become code.
"""

import re
import sys

COMMENT = re.compile(r"^(\s*)//(?!/)(.*)$")
LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)'")  # 1'000 is a number
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern\s*\"C\")\b")
CODE_SPAN = re.compile(r"(`[^`]*`)")
TRAILING = re.compile(r"^(\s*[^\s/].*?[;,}\w)])(\s+)//(?!/)\s?(.*)$")


def escaped(text):
    """Text without what Doxygen would act on; `code` is left as it stands."""
    parts = CODE_SPAN.split(text)
    return "".join(p if p.startswith("`") else re.sub(r"([\\@<>#&%$])", r"\\\1", p) for p in parts)


class Scopes:
    """Which braces are open: of namespaces and types, whose comments are documentation, or of code."""

    def __init__(self):
        self.open = []
        self.statement = ""

    def documented(self):
        return all(self.open)

    def read(self, line):
        code = LITERAL.sub("0", line).split("//")[0]
        if code.lstrip().startswith("#"):
            return
        for character in code:
            if character == "{":
                self.open.append(bool(SCOPE.search(self.statement)) and "(" not in self.statement)
                self.statement = ""
            elif character == "}":
                if self.open:
                    self.open.pop()
                self.statement = ""
            elif character == ";":
                self.statement = ""
            else:
                self.statement += character
        self.statement += " "


def block(lines, indent):
    """The lines of a comment, without `//`, as `///`."""
    result = []
    in_code = False
    for number, text in enumerate(lines):
        example = text.startswith("   ") and (in_code or number == 0 or not lines[number - 1].strip())
        in_code = example or (in_code and not text.strip())
        result.append(f"{indent}///{'    ' + text if example else escaped(text)}")
    return result


def starts_declaration(line):
    """Whether a comment above this line belongs to it: not a blank line, a closing brace, a directive, a label."""
    return bool(line.strip()) and not re.match(r"\s*(\}|#|(public|private|protected):)", line)


def documented(lines):
    result = []
    scopes = Scopes()
    at_top = True
    number = 0
    while number < len(lines):
        line = lines[number]
        match = COMMENT.match(line)
        if match and match.group(2).strip().startswith("SPDX-"):
            result.append(line)
            number += 1
            continue
        if match:
            indent, texts = match.group(1), []
            while number < len(lines) and (match := COMMENT.match(lines[number])):
                texts.append(match.group(2))
                number += 1
            below = lines[number] if number < len(lines) else ""
            if at_top:
                result += [f"{indent}/// \\file", *block(texts, indent)]
            elif scopes.documented() and starts_declaration(below):
                result += block(texts, indent)
            else:
                result += [f"{indent}//{text}" for text in texts]
            at_top = False
            continue
        at_top = at_top and not line.strip()
        behind = TRAILING.match(line) if scopes.documented() else None
        scopes.read(line)
        if behind and scopes.documented() and not line.lstrip().startswith(("#", "}")):
            column = line.index("//", len(behind.group(1)))
            result.append(f"{behind.group(1)}{behind.group(2)}///< {escaped(behind.group(3))}")
            number += 1
            while number < len(lines) and (more := COMMENT.match(lines[number])) and len(more.group(1)) == column:
                result.append(f"{more.group(1)}///<{escaped(more.group(2))}")
                number += 1
            continue
        result.append(line)
        number += 1
    return result


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = file.read().split("\n")
    sys.stdout.write("\n".join(documented(lines)))


if __name__ == "__main__":
    main()
