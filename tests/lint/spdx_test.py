#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That scripts/lib/spdx.py refuses sources without the licence's line, and writes it where it belongs."""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = None
LINE = "SPDX-License-Identifier: Apache-2.0"


class Spdx(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        subprocess.run(["git", "init", "--quiet", self.root], check=True)

    def write(self, name, text):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        subprocess.run(["git", "-C", self.root, "add", name], check=True)

    def read(self, name):
        return (self.root / name).read_text()

    def run_tool(self, *words):
        return subprocess.run([sys.executable, TOOL, "--root", self.root, *words], capture_output=True, text=True)

    def test_a_source_without_it_is_refused_with_place_and_cure(self):
        self.write("a.cpp", "int a;\n")
        self.write("b", "#!/bin/sh\ntrue\n")
        done = self.run_tool()
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"a.cpp:1: expected the line '// {LINE}'", done.stdout)
        self.assertIn(f"b:2: expected the line '# {LINE}'", done.stdout)
        self.assertIn("scripts/lint --fix", done.stdout)

    def test_another_licence_is_refused(self):
        self.write("a.cpp", "// SPDX-License-Identifier: MIT\n")
        self.assertEqual(self.run_tool().returncode, 1)

    def test_it_is_written_first_or_behind_the_interpreter(self):
        self.write("a.hpp", "// What it is.\n#pragma once\n")
        self.write("x/CMakeLists.txt", "project(x)\n")
        self.write("isa/a.isa", "")
        self.write("b", "#!/bin/sh\ntrue\n")
        self.write("empty.py", "")
        self.assertEqual(self.run_tool("--fix").returncode, 0)
        self.assertEqual(self.read("a.hpp"), f"// {LINE}\n// What it is.\n#pragma once\n")
        self.assertEqual(self.read("x/CMakeLists.txt"), f"# {LINE}\nproject(x)\n")
        self.assertEqual(self.read("isa/a.isa"), f"# {LINE}\n")
        self.assertEqual(self.read("b"), f"#!/bin/sh\n# {LINE}\ntrue\n")
        self.assertEqual(self.run_tool().returncode, 0)
        self.assertEqual(self.run_tool("--fix").returncode, 0)
        self.assertEqual(self.read("a.hpp").count(LINE), 1)

    def test_data_and_assembly_stay_as_they_are(self):
        names = ["firmware/a.S", "firmware/runtime/a.h", "firmware/programs/p/program.yaml", "tests/x/a.S",
                 "tests/x/data.yaml", "README.md", "LICENSE", "data.csv"]
        for name in names:
            self.write(name, "text\n")
        self.assertEqual(self.run_tool().returncode, 0)
        self.run_tool("--fix")
        self.assertEqual([self.read(name) for name in names], ["text\n"] * len(names))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    TOOL = parser.parse_args().tool
    unittest.main(argv=sys.argv[:1])
