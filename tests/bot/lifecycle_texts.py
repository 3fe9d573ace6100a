"""The files of a made repository, and what a person does to them; comments tell what is what.

Each call has a number (`# n7`) and each function too (`# fn3`): by them a test knows a finding again
whatever was moved, renamed or rewritten, which the product has to find out without them.
"""

import re
from collections.abc import Callable, Sequence
from posixpath import dirname
from typing import Protocol, TypeVar

One = TypeVar("One")
Files = dict[str, str]
BETWEEN = "\n\n\n"
CALL = re.compile(r"^( *)(\w+)\(([^()]*)\)(  # n\d+)$", re.M)
BROKEN = "def (:\n"
PATHS = ("app.py", "tool.py", "svc/a.py", "svc/b.py", "svc/deep/c.py", "lib/d.py", "lib/x/e.py")
FOLDERS = ("svc", "lib", "srv", "lib/x", "svc/deep")
NAMES = ("load", "serve", "main", "")
FUNCTIONS = ("open", "open", "vars", "dir", "iter", "print", "hex", "abs", "sum", "id", "hash")
ARGUMENTS = ("1", "2", "'a'", "x[0]")


class Pick(Protocol):
    def __call__(self, some: Sequence[One]) -> One: ...


Fresh = Callable[[], int]
Change = Callable[[Files, Pick, Fresh], None]


def first_files(pick: Pick, fresh: Fresh) -> Files:
    files = {"svc/requirements.txt": "x\n", "lib/requirements.txt": "y\n"}
    for _ in range(2):
        add_file(files, pick, fresh)
    return files


def block_at(text: str, line: int) -> str:
    """The number of the function that a line (from 1) is in."""
    before = "".join(text.splitlines(keepends=True)[:line])
    found: list[str] = re.findall(r"# fn(\d+)$", before, re.M)
    return found[-1] if found else ""


def add_file(files: Files, pick: Pick, fresh: Fresh) -> None:
    free = [path for path in PATHS if path not in files]
    if free:
        _write(files, pick(free), [_function(pick, fresh) for _ in range(pick((1, 2)))])


def add_function(files: Files, pick: Pick, fresh: Fresh) -> None:
    path = pick(_sources(files))
    _write(files, path, [*_blocks(files, path), _function(pick, fresh)])


def add_call(files: Files, pick: Pick, fresh: Fresh) -> None:
    def grown(block: str) -> str:
        indent = "    " if block.startswith("def") else ""
        lines = block.split("\n")
        place = pick((1, len(lines)))
        return "\n".join((*lines[:place], indent + _call(pick, fresh), *lines[place:]))

    _in_a_block(files, pick, grown)


def fix_by_hand(files: Files, pick: Pick, fresh: Fresh) -> None:
    _in_a_call(files, pick, lambda call: f"{call[1]}pass")


def change_argument(files: Files, pick: Pick, fresh: Fresh) -> None:
    argument = pick(ARGUMENTS)
    _in_a_call(files, pick, lambda call: f"{call[1]}{call[2]}({argument}){call[4]}")


def reformat(files: Files, pick: Pick, fresh: Fresh) -> None:
    layout = pick(("({})", "( {} )", "(\n        {},\n    )"))

    def laid_out(call: re.Match[str]) -> str:
        inside = re.sub(r"\s+", " ", call[3]).strip(" ,").replace("'", '"')
        return f"{call[1]}{call[2]}{layout.format(inside)}{call[4]}"

    path = pick(_sources(files))
    files[path] = CALL.sub(laid_out, files[path])


def insert_above(files: Files, pick: Pick, fresh: Fresh) -> None:
    number = fresh()
    if pick((True, False)):
        path = pick(_sources(files))
        _write(files, path, [f"# a remark  # fn{number}", *_blocks(files, path)])
    else:
        _in_a_call(files, pick, lambda call: f"{call[1]}# a remark, {number}\n{call[0]}")


def move_function(files: Files, pick: Pick, fresh: Fresh) -> None:
    path, to = pick(_sources(files)), pick(PATHS)
    blocks = _blocks(files, path)
    moved = pick(blocks)
    _write(files, path, [block for block in blocks if block != moved])
    _write(files, to, [*_blocks(files, to), moved])


def copy_function(files: Files, pick: Pick, fresh: Fresh) -> None:
    path, to = pick(_sources(files)), pick(PATHS)
    original = pick(_blocks(files, path))
    copied = re.sub(r"# (f?n)\d+$", lambda m: f"# {m[1]}{fresh()}", original, flags=re.M)
    _write(files, to, [*_blocks(files, to), copied])


def turn_around(files: Files, pick: Pick, fresh: Fresh) -> None:
    path = pick(_sources(files))
    _write(files, path, _blocks(files, path)[::-1])


def delete_function(files: Files, pick: Pick, fresh: Fresh) -> None:
    path = pick(_sources(files))
    blocks = _blocks(files, path)
    gone = pick(blocks)
    _write(files, path, [block for block in blocks if block != gone])


def rename_file(files: Files, pick: Pick, fresh: Fresh) -> None:
    path, free = pick(_sources(files)), [path for path in PATHS if path not in files]
    if free:
        files[pick(free)] = files.pop(path)


def rename_folder(files: Files, pick: Pick, fresh: Fresh) -> None:
    folders = sorted({dirname(path) for path in files} - {""})
    free = [folder for folder in FOLDERS if not any(path.startswith(f"{folder}/") for path in files)]
    if folders and free:
        one, two = pick(folders), pick(free)
        for path in [path for path in files if path.startswith(f"{one}/")]:
            files[two + path.removeprefix(one)] = files.pop(path)


def rename_function(files: Files, pick: Pick, fresh: Fresh) -> None:
    name = f"{pick(('load', 'serve', 'other'))}"
    _in_a_block(files, pick, lambda block: re.sub(r"^def \w+", f"def {name}", block))


def delete_file(files: Files, pick: Pick, fresh: Fresh) -> None:
    del files[pick(_sources(files))]


def break_syntax(files: Files, pick: Pick, fresh: Fresh) -> None:
    path = pick(_sources(files))
    files[path] += BROKEN


def mend_syntax(files: Files, pick: Pick, fresh: Fresh) -> None:
    for path, text in files.items():
        files[path] = text.replace(BROKEN, "")


CHANGES: tuple[Change, ...] = (
    *(add_file, add_function, add_call, add_call, copy_function, turn_around),
    *(fix_by_hand, change_argument, reformat, insert_above),
    *(move_function, rename_file, rename_folder, rename_function),
    *(delete_function, delete_file, break_syntax, mend_syntax, mend_syntax),
)


def _sources(files: Files) -> list[str]:
    return sorted(path for path in files if path.endswith(".py"))


def _blocks(files: Files, path: str) -> list[str]:
    return [block.strip("\n") for block in files.get(path, "").split(BETWEEN) if block.strip()]


def _write(files: Files, path: str, blocks: Sequence[str]) -> None:
    if blocks:
        files[path] = BETWEEN.join(blocks) + "\n"
    else:
        files.pop(path, None)


def _call(pick: Pick, fresh: Fresh) -> str:
    return f"{pick(FUNCTIONS)}({pick(ARGUMENTS)})  # n{fresh()}"


def _function(pick: Pick, fresh: Fresh) -> str:
    name = pick(NAMES)
    indent, head = ("    ", f"def {name}():  # fn{fresh()}") if name else ("", f"# fn{fresh()}")
    return "\n".join((head, *(indent + _call(pick, fresh) for _ in range(pick((1, 1, 2, 3))))))


def _in_a_block(files: Files, pick: Pick, change: Callable[[str], str]) -> None:
    path = pick(_sources(files))
    blocks = _blocks(files, path)
    place = pick(range(len(blocks)))
    _write(files, path, [*blocks[:place], change(blocks[place]), *blocks[place + 1 :]])


def _in_a_call(files: Files, pick: Pick, change: Callable[[re.Match[str]], str]) -> None:
    found = [(path, call) for path in _sources(files) for call in CALL.finditer(files[path])]
    if found:
        path, call = pick(found)
        files[path] = files[path][: call.start()] + change(call) + files[path][call.end() :]
