"""How a text table is written: its encoding, its delimiter, its title lines and the names of its columns."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from evenhand.analysis.eventlog.log import BadLog
from evenhand.analysis.runs.bounds import bounded
from evenhand.locale.current import gettext

_CHUNK = 2**20
_HEAD = 2**18
_DELIMITERS = ",;\t|"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_WESTERN = frozenset(range(0xA0, 0x100)) | frozenset(b"\x80\x85\x91\x92\x93\x94\x96\x97")
"""Letters of Latin-1, and of Windows the signs that are often typed: the euro, dots, quotes and dashes."""
_SAVE = "save it as CSV UTF-8"


class Written(NamedTuple):
    """A text table as it is written."""

    encoding: str
    delimiter: str
    skip: int
    """Lines before the header."""
    names: list[str]
    """Columns, each name once."""
    titles: tuple[str, ...]
    """What stands in the lines before."""


def examine(path: Path) -> Written:
    """Look at a text table. Raises BadLog for what is empty or in no encoding that is known, OSError."""
    try:
        encoding = _encoding(path)
        with bounded(path) as file:
            head = file.read(_HEAD)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadLog(gettext("'{path}' is not a table: {error}").format(path=path, error=error)) from error
    text = codecs.getincrementaldecoder(encoding)().decode(head)
    if not text.strip("\ufeff \t\r\n\0"):
        raise BadLog(gettext("'{path}' is empty: the first line must name the columns").format(path=path))
    delimiter = max(_DELIMITERS, key=lambda one: _score(text, one))
    skip, header, titles = _header(text, delimiter)
    return Written(encoding, delimiter, skip, _each_once(header), titles)


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file, a chunk at a time. Raises BadLog, naming the line, where it cannot be decoded."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with bounded(path) as file:
        while chunk := file.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                raise BadLog(
                    gettext("{path}:{line}: is not {upper}; {save}").format(
                        path=path, line=line, upper=encoding.upper(), save=_SAVE
                    )
                ) from None
            line += text.count("\n")
            yield text
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise BadLog(
            gettext("{path}:{line}: ends within a character; {save}").format(path=path, line=line, save=_SAVE)
        ) from None


def _encoding(path: Path) -> str:
    """UTF-8, or UTF-16 by its mark or its zeros, GB18030 or Latin-1 (as Windows has it). Raises BadLog."""
    with bounded(path) as file:
        head = file.read(_HEAD)
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return _sure(path, name)
    zeros = head[:4096]
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(zeros) > 3 and zeros[start::2].count(0) > 0.4 * len(zeros[start::2]):
            return _sure(path, name)
    try:
        return _sure(path, "utf-8")
    except BadLog as error:
        for name in ("gb18030",) if _paired(path) else ():
            try:
                return _sure(path, name)
            except BadLog:
                continue
        if _is_latin(path):
            return _sure(path, "cp1252")
        raise error from None


def _sure(path: Path, encoding: str) -> str:
    """The encoding, once the whole file is in it. Raises BadLog."""
    for _ in lines_of(path, encoding):
        pass
    return encoding


def _high(path: Path) -> list[bytes]:
    """Runs of bytes beyond ASCII in a file."""
    with bounded(path) as file:
        found: list[bytes] = []
        while chunk := file.read(_CHUNK):
            found += re.findall(rb"[\x80-\xff]+", chunk)
            if len(found) > 5000:
                break
    return found


def _paired(path: Path) -> bool:
    """Whether bytes beyond ASCII stand together, as those of Chinese do; Latin letters stand alone."""
    runs = _high(path)
    return sum(len(run) > 1 for run in runs) > 0.5 * len(runs)


def _is_latin(path: Path) -> bool:
    """Whether bytes beyond ASCII are letters and signs that Western text has."""
    high = set(b"".join(_high(path)))
    return bool(high) and not _paired(path) and high <= _WESTERN


def _score(text: str, delimiter: str) -> tuple[bool, int]:
    """How well a delimiter cuts the first rows: rows of one width, and wide ones."""
    rows = [row for row in _rows(text, delimiter, 12) if any(cell.strip() for cell in row)]
    widths = [len(row) for row in rows]
    return max(widths) > 1 and widths[-1] == max(widths), max(widths)


def _rows(text: str, delimiter: str, most: int) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter):
            found.append(row)
            if len(found) >= most:
                break
    except csv.Error:
        pass
    return found or [[]]


def _header(text: str, delimiter: str) -> tuple[int, list[str], tuple[str, ...]]:
    """Lines before the header, the header, and the titles that stand in those lines."""
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    begin = 0
    try:
        for row in reader:
            rows.append((begin, row))
            begin = reader.line_num
            if len(rows) == 12:
                break
    except csv.Error:
        pass
    full = [(at, row) for at, row in rows if any(cell.strip() for cell in row)]
    titles: list[str] = []
    while len(full) > 1 and is_title(full[0][1], full[1][1]):
        titles.append("".join(full.pop(0)[1]).strip())
    at, header = full[0] if full else (0, [])
    return at, header, tuple(titles)


def is_title(row: list[str], following: list[str]) -> bool:
    """Whether a row is a heading over the whole table, as cells that were merged leave it."""
    return sum(bool(cell.strip()) for cell in row) == 1 and sum(bool(c.strip()) for c in following) > 2


def _each_once(header: list[str]) -> list[str]:
    """Names of columns: one without any is called by its place, one that is there before gets a number."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(header):
        wanted = name = cell.strip() or f"column{place}"
        number = 1
        while name.lower() in taken:
            name, number = f"{wanted}_{number}", number + 1
        taken.add(name.lower())
        names.append(name)
    return names
