"""Full-width colons and spaces in YAML text, as Chinese keyboards type them, put as YAML wants them.

Only where the meaning is certain: between the name of a setting and its value, and before a name. Texts in
quotes and blocks of text are left alone. Every character keeps its line; where a space is put in, columns
after it are counted back.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SPACES = "\u3000\u00a0\u2002\u2003"
_NAME = re.compile(
    rf"^(?P<indent>[ {_SPACES}]*(?:-[ {_SPACES}]+)*)(?P<name>[A-Za-z_][\w.]*|[\u4e00-\u9fff]{{1,8}})"
)
_COLON = re.compile(rf"[ {_SPACES}]*[:：](?P<gap>[ {_SPACES}]*)")
_BLOCK = re.compile(r":\s+[|>][-+0-9]*\s*(#.*)?$")
_STRANGE = re.compile(rf"[：{_SPACES}]")


class Typed(NamedTuple):
    """Text that YAML understands, and by line the column at which a space was put in."""

    text: str
    moved: dict[int, int]


def as_typed(text: str) -> Typed:
    """Put full-width punctuation right; text without any is given back as it is."""
    if not _STRANGE.search(text):
        return Typed(text, {})
    moved: dict[int, int] = {}
    lines, block = [], -1
    for number, line in enumerate(text.split("\n")):
        indent = len(line) - len(line.lstrip())
        if block >= 0 and (indent > block or not line.strip()):
            lines.append(line)
            continue
        put, column = _line(line)
        block = indent if _BLOCK.search(put) else -1
        if column:
            moved[number] = column
        lines.append(put)
    return Typed("\n".join(lines), moved)


def _line(line: str) -> tuple[str, int]:
    """One line, and the column before which a space was put into it; 0 = none was."""
    name = _NAME.match(line)
    colon = _COLON.match(line, name.end()) if name else None
    if name is None or colon is None:
        return line, 0
    fullwidth = "：" in colon[0]
    rest = line[colon.end() :]
    if not fullwidth and not colon["gap"] and rest:
        return line, 0  # a:b is a text
    middle = colon[0].replace("：", ":")
    head = name["indent"] + name["name"] + middle
    head = re.sub(f"[{_SPACES}]", " ", head)
    if rest and not colon["gap"]:
        return f"{head} {rest}", len(head)
    return head + rest, 0
