# SPDX-License-Identifier: Apache-2.0
"""Holds the Markdown pages against the tree: links and paths lead somewhere, commands can be run as they stand there, and
text is at most 120 columns wide.

A path is what stands in `code` and begins with a folder of the tree's top, or is a file's name; a name in CAPITALS, <...>
or {...} in it stands for anything. A command is a line of a code block, or `code`, that begins with a program of the
tree or a script. Its options must be in the program's --help. `ctest -R` and `-L` must select a test.
"""
import argparse
import fnmatch
import functools
import pathlib
import re
import shlex
import subprocess
import sys

WIDTH = 120
FILE_ENDINGS = (".cpp", ".hpp", ".sv", ".S", ".s", ".h", ".py", ".md", ".yaml", ".isa", ".td", ".cmake", ".csv", ".txt", ".json")
# Files that a run writes, or that stand for a user's own: they are nowhere in the tree.
NOT_IN_TREE = re.compile(r"^(out|build|waves|images|plan)/|^(result|plan|random|cover|coverage|bench|timing|trace)\.json$|^(junit|summary|timing|stat|levels|path|synth)\.|"
                         r"^[a-z]\.|^(program|system|main|extra|data|tile_N|tileM|include|start)\.")
PLACEHOLDER = re.compile(r"[A-Z]{2,}|<|\{|\.\.\.|\*|\bN\b|\bM\b")


class Tree:
    def __init__(self, source, build):
        self.source = source
        listed = subprocess.run(["git", "-C", str(source), "ls-files"], capture_output=True, text=True, check=True).stdout
        self.files = [name for name in listed.splitlines() if (source / name).exists()]
        self.folders = {str(parent) for name in self.files for parent in pathlib.PurePosixPath(name).parents} - {"."}
        self.tops = {name.split("/", 1)[0] for name in self.files}
        self.names = {pathlib.PurePosixPath(name).name for name in self.files}
        self.names |= {path.name for path in build.glob("**/generated/*")}

    def has(self, path, page):
        path = path.rstrip("/")
        beside = pathlib.PurePosixPath(page).parent
        for candidate in (path, str(beside / path)):
            parts = []
            for part in candidate.split("/"):
                parts = parts[:-1] if part == ".." else parts + [part] if part != "." else parts
            candidate = "/".join(parts)
            if candidate in self.folders or candidate in self.files:
                return True
            if "*" in candidate and any(fnmatch.fnmatchcase(name, candidate) for name in self.files):
                return True
        # A header under its include path, and files of one folder named without it.
        return any(name.endswith("/" + path) for name in self.files) or any(name.endswith("/" + path) for name in self.folders)


class Programs:
    def __init__(self, source, build):
        self.source, self.build = source, build

    def path(self, word):
        """The file that a command's first word stands for, or None if it is no program of ours."""
        if word.startswith("scripts/"):
            return self.source / word
        if match := re.match(r"build/[\w-]+/((?:bin|tests)/[\w-]+)$", word):
            return self.build / match[1]
        return None

    @functools.lru_cache(maxsize=None)
    def help(self, file, *subcommand):
        done = subprocess.run([str(file), *subcommand, "--help"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        return done.stdout if done.returncode == 0 else None


def code_spans(line):
    return [span[1] for span in re.finditer(r"(?<!`)`([^`]+)`(?!`)", line)]


def check_path(span, page, tree):
    # `path/file.ext`, perhaps with :line behind it; `a.{hpp,cpp}` and such stand for several.
    text = re.sub(r":[\d,:-]+$", "", span)
    if re.search(r"\s", text) or text.startswith(("-", "/", "$", "http")):
        return None
    if match := re.match(r"(.*)\{([\w.,/-]+)\}(.*)$", text):
        wrong = [check_path(match[1] + part + match[3], page, tree) for part in match[2].split(",")]
        return next((text for text in wrong if text), None)
    if NOT_IN_TREE.search(text) or PLACEHOLDER.search(text.replace("*", "")):
        return None
    if "/" in text:
        if text.split("/", 1)[0] not in tree.tops or not re.fullmatch(r"[\w.*+/-]+", text):
            return None
        return None if tree.has(text, page) else f"`{span}`: there is no such path"
    if text.endswith(FILE_ENDINGS) and re.fullmatch(r"[\w-]+(\.[\w-]+)+", text):
        return None if text in tree.names else f"`{span}`: there is no file of that name"
    return None


def check_command(line, programs):
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return None
    if not words:
        return None
    if words[0] == "ctest":
        return check_ctest(words, programs.build)
    if words[0] in ("ipusim", "ipu-as", "ipu-ld", "ipu-objdump", "ipu-exchange", "ipu-random"):
        return f"`{line.strip()}`: a reader has no {words[0]} on the path; write build/release/bin/{words[0]}"
    file = programs.path(words[0])
    if file is None:
        return None
    if not file.exists():
        return f"`{line.strip()}`: there is no {words[0]}"
    subcommand = [words[1]] if words[0].endswith("/ipusim") and len(words) > 1 and re.fullmatch("[a-z]+", words[1]) else []
    if not any(word.strip("[(").startswith("--") for word in words[1:]):
        return None
    text = programs.help(file, *subcommand)
    if text is None:
        return f"`{line.strip()}`: `{words[0]} {' '.join(subcommand)} --help` fails"
    for word in words[1:]:
        word = word.strip("[]().,;|")
        if word.startswith("--") and word not in ("--", "--help"):
            option = word.split("=", 1)[0]
            if not re.search(re.escape(option) + r"(?![\w-])", text):
                return f"`{line.strip()}`: {words[0]} {' '.join(subcommand)} has no option {option}"
    return None


def check_ctest(words, build):
    selection = []
    for option, value in zip(words, words[1:]):
        if option in ("-R", "-L", "-E", "-LE"):
            if PLACEHOLDER.search(value):
                return None
            selection += [option, value]
    if not selection:
        return None
    done = subprocess.run(["ctest", "--test-dir", str(build), "-N", *selection], capture_output=True, text=True, timeout=100)
    if re.search(r"Total Tests: 0\b", done.stdout):
        return f"`{' '.join(words)}`: selects no test"
    return None


def check_page(page, tree, programs):
    fenced = False
    for number, line in enumerate((tree.source / page).read_text(encoding="utf-8").splitlines(), 1):
        problems = []
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        block = fenced or line.startswith("    ")
        if block:
            problems.append(check_command(line, programs))
        else:
            for span in code_spans(line):
                problems.append(check_path(span, page, tree))
                if span.startswith(("scripts/", "build/", "ctest ")):
                    problems.append(check_command(span.replace("\\|", "|"), programs))
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", re.sub(r"`[^`]*`", "", line)):
                if "://" not in target and not tree.has(target, page):
                    problems.append(f"the link to {target} leads nowhere")
            if len(line) > WIDTH and not line.startswith("|") and " " in line[:WIDTH].strip():
                problems.append(f"{len(line)} columns; text is at most {WIDTH} wide")
        for problem in problems:
            if problem:
                yield f"{page}:{number}: {problem}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path.cwd(), help="the tree (default: this folder)")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build tree, with all programs and tests")
    parser.add_argument("pages", nargs="*", help="pages to check (default: all that git tracks)")
    arguments = parser.parse_args()
    tree = Tree(arguments.source.resolve(), arguments.build)
    programs = Programs(tree.source, arguments.build.resolve())
    pages = arguments.pages or [name for name in tree.files if name.endswith(".md")]
    problems = [problem for page in pages for problem in check_page(page, tree, programs)]
    print("\n".join(problems) if problems else f"{len(pages)} pages: paths, links, commands and width are right")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
