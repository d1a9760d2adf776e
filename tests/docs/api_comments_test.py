#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That comments of headers reach Doxygen (docs/api/comments.py), and its pages."""

import argparse
import html
import pathlib
import re
import subprocess
import sys
import tempfile

# A header in house style, and what Doxygen must see of it. Checked against Doxygen's manual, "Documenting the code":
# `///` above, `///<` behind, \file for the file's own.
CASES = [
    ("the file's own comment",
     "// What it is.\n// More of it.\n#pragma once\n",
     "/// \\file\n/// What it is.\n/// More of it.\n#pragma once\n"),
    ("a licence is none",
     "// SPDX-License-Identifier: Apache-2.0\n// What it is.\n#pragma once\n",
     "// SPDX-License-Identifier: Apache-2.0\n/// \\file\n/// What it is.\n#pragma once\n"),
    ("above types and their members",
     "#pragma once\nnamespace n {\n// A type.\nstruct S {\n  // A member.\n  int a;\n};\n}  // namespace n\n",
     "#pragma once\nnamespace n {\n/// A type.\nstruct S {\n  /// A member.\n  int a;\n};\n}  // namespace n\n"),
    ("behind members, over two lines",
     "#pragma once\nstruct S {\n  int a;  // in cycles,\n          // both counted\n  int b;\n};\n",
     "#pragma once\nstruct S {\n  int a;  ///< in cycles,\n          ///< both counted\n  int b;\n};\n"),
    ("inside functions there is none",
     "#pragma once\ninline int f() {\n  // A step.\n  return 1;  // why\n}\n",
     "#pragma once\ninline int f() {\n  // A step.\n  return 1;  // why\n}\n"),
    ("one that stands alone belongs to nothing",
     "#pragma once\n// Of no declaration.\n\nint a;\n",
     "#pragma once\n// Of no declaration.\n\nint a;\n"),
    ("templates and digit separators",
     "#pragma once\n// A type.\ntemplate <class T>\nclass C {\n  int a = 1'000;  // Thousand.\n};\n",
     "#pragma once\n/// A type.\ntemplate <class T>\nclass C {\n  int a = 1'000;  ///< Thousand.\n};\n"),
    ("commands and HTML are text, but not in code",
     "#pragma once\n// From a <b> at \\n, `x<y>`.\nint a;\n",
     "#pragma once\n/// From a \\<b\\> at \\\\n, `x<y>`.\nint a;\n"),
    ("examples are code",
     "#pragma once\n// As in\n//\n//   f<int>();\n//\n// and so on.\nint f();\n",
     "#pragma once\n/// As in\n///\n///       f<int>();\n///\n/// and so on.\nint f();\n"),
]

# Comments of public headers, a few words each, and the page that must hold them.
PAGES = [
    ("classipusim_1_1TileId.html", "A physical place on the chip"),  # above a type
    ("classipusim_1_1tile_1_1TileModel.html", "The first cycle not yet simulated."),  # above a member
    ("namespaceipusim_1_1tile.html", "the cycle limit was reached"),  # behind an enumerator
    ("chip_8hpp.html", "One chip, tile by tile"),  # of a file
]


def filtered(comments, text):
    with tempfile.NamedTemporaryFile("w", suffix=".hpp") as header:
        header.write(text)
        header.flush()
        return subprocess.run([sys.executable, comments, header.name], capture_output=True, text=True, check=True).stdout


def page_text(page):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8"))).split())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--filter", required=True)
    parser.add_argument("--pages", type=pathlib.Path, required=True)
    options = parser.parse_args()
    wrong = 0
    for name, given, wanted in CASES:
        got = filtered(options.filter, given)
        if got != wanted:
            wrong += 1
            print(f"{name}: from\n{given}\nthe filter makes\n{got}\ninstead of\n{wanted}")
    for name, words in PAGES:
        page = options.pages / name
        if not page.exists():
            wrong += 1
            print(f"{page}: no such page")
        elif words not in page_text(page):
            wrong += 1
            print(f"{page}: does not hold the header's comment '{words}'")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
