#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report.html in headless Chromium: what its script makes of the data, and a picture that shows something.

Skipped, exit code 77, where there is no browser.
"""
import argparse
import html.parser
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
WIDTH, HEIGHT = 1280, 2000
SYSTEMS = {"mk2-16": 16, "mk2": 1472}
PROGRAM = """program: page
images:
  - {{tiles: all, sources: [{runtime}/start.S, main.S], include_dirs: [{runtime}]}}
exchange:
  - {{name: turn, pattern: messages, messages: [{messages}]}}
"""
# Tile k spins k turns; then every tile sends four words to its neighbour.
MAIN = """#include "ipu_runtime.h"
    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    setzi $m0, __tile_index
spin:
    brnzdec $m0, spin
    call $m10, exchange_turn
    SUPERVISOR_RETURN
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER outgoing, 16
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER incoming, 16
"""


def run_program(arguments, folder, system, tiles):
    messages = ", ".join(f"{{from: {k}, to: [{(k + 1) % tiles}], words: 4, source: outgoing, destination: incoming}}"
                         for k in range(tiles))
    (folder / "main.S").write_text(MAIN)
    runtime = arguments.source / "firmware" / "runtime"
    (folder / "program.yaml").write_text(PROGRAM.format(runtime=runtime, messages=messages))
    subprocess.run([arguments.program, "run", arguments.source / "configs" / f"{system}.yaml", folder / "program.yaml",
                    "--timing", "--quiet", "--out", folder / "out"], check=True)


class Page(html.parser.HTMLParser):
    """What the browser made: tiles of the map, table rows by table, whether the script came to its end."""

    def __init__(self, text):
        super().__init__()
        self.tiles, self.rows, self.links, self.ready, self.table = {}, {}, [], False, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if "data-tile" in named:
            self.tiles[int(named["data-tile"])] = int(named["data-value"])
        if tag == "table":
            self.table = named.get("id")
        if tag == "tr":
            self.rows[self.table] = self.rows.get(self.table, 0) + 1
        if tag == "body":
            self.ready = named.get("data-ready") == "yes"
        self.links += [named[key] for key in ("src", "href") if key in named]


def in_browser(browser, page, *options):
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
                   f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}", *options, page.resolve().as_uri()]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def pixels(png):
    """Rows of (red, green, blue) of an 8-bit RGB or RGBA picture without interlacing."""
    data, at, packed = png.read_bytes(), 8, b""
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    assert data[:4] == b"\x89PNG" and depth == 8 and colour in (2, 6), "a picture of another kind"
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw, step = zlib.decompress(packed), 3 if colour == 2 else 4
    before = bytearray(width * step)
    for row in range(height):
        begin = row * (width * step + 1)
        how, line = raw[begin], bytearray(raw[begin + 1:begin + 1 + width * step])
        for i in range(len(line)):
            left, above = line[i - step] if i >= step else 0, before[i]
            corner = before[i - step] if i >= step else 0
            if how == 1:
                line[i] = (line[i] + left) & 255
            elif how == 2:
                line[i] = (line[i] + above) & 255
            elif how == 3:
                line[i] = (line[i] + (left + above) // 2) & 255
            elif how == 4:
                distance = [abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)]
                line[i] = (line[i] + (left, above, corner)[distance.index(min(distance))]) & 255
        before = line
        yield [tuple(line[i:i + 3]) for i in range(0, len(line), step)]


def check(arguments, browser, system, tiles):
    folder = arguments.out / system
    folder.mkdir(parents=True, exist_ok=True)
    run_program(arguments, folder, system, tiles)
    chip = json.loads((folder / "out" / "timing.json").read_text())["chips"][0]
    report = folder / "out" / "report.html"
    page = Page(in_browser(browser, report, "--dump-dom"))
    assert page.ready, "the page's script did not come to its end"
    assert not page.links, page.links
    assert page.tiles == dict(enumerate(chip["tiles"]["compute"])), "the map shows something else"
    assert len(set(page.tiles.values())) >= tiles // 2, "tiles compute for different times"
    used = [s for s in chip["steps"] if s["path"]["total"] + s["exchange"]["cycles"] + s["compute"]["max"]]
    assert page.rows["steps"] == 1 + len(used), page.rows
    assert page.rows["mix"] == 1 + len(chip["instructions"]["mnemonics"]), page.rows
    assert page.rows["contexts"] == 1 + 7, page.rows
    picture = folder / "page.png"
    in_browser(browser, report, f"--screenshot={picture}")
    colours, rows_in_colour = set(), 0
    for row in pixels(picture):
        strong = {c for c in row if max(c) - min(c) > 40}
        colours |= strong
        rows_in_colour += bool(strong)
    # The map's scale goes from violet to yellow through as many colours as there are values.
    assert len(colours) > min(tiles, 100) // 2, f"{len(colours)} colours"
    assert rows_in_colour > 200, f"colour in {rows_in_colour} of {HEIGHT} rows"
    print(f"{system}: {len(page.tiles)} tiles, {len(colours)} colours, {picture}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "program", "out"):
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("skipped: no browser found; apt-get install chromium")
        sys.exit(77)
    for system, tiles in SYSTEMS.items():
        check(arguments, browser, system, tiles)


if __name__ == "__main__":
    main()
