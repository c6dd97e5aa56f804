"""How large a file of somebody else's may be: what is larger is refused before it fills the memory."""

from __future__ import annotations

import gzip
import io
import stat
from pathlib import Path
from typing import IO, cast

from evenhand.locale.current import gettext

MOST_BYTES = 2_000_000_000
"""Of a compressed file once it is unpacked; of the cells of a table."""
MOST_RATIO = 200
"""How far a compressed file may grow: XML of real logs grows 10 to 40 times, tables in Parquet fewer."""
SURE = 50_000_000
"""Bytes up to which it may grow in any case."""
MOST_COLUMNS = 500


class TooLarge(ValueError):
    """A file beyond a bound; the text says which."""


def check_file(path: Path) -> None:
    """Raise TooLarge for what has no end that could be told: a pipe or a device. A missing file passes."""
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise TooLarge(gettext("{path}: is not an ordinary file").format(path=path))


def check_width(path: Path, columns: int, what: str) -> None:
    """Raise TooLarge for more columns or attributes than a log has."""
    if columns > MOST_COLUMNS:
        raise TooLarge(
            gettext("{path}: has {columns:,} {what}; at most {most_columns:,} are allowed").format(
                path=path, columns=columns, what=what, most_columns=MOST_COLUMNS
            )
        )


def check_size(path: Path, size: int) -> None:
    """Raise TooLarge for cells of more bytes than a log in a file of this size has."""
    most = most_bytes(path)
    if size > most:
        raise TooLarge(
            gettext("{path}: its cells have {size:,} bytes; at most {most:,} are allowed").format(
                path=path, size=size, most=most
            )
        )


def most_bytes(path: Path) -> int:
    """How many bytes a compressed file may have once it is unpacked."""
    return min(MOST_BYTES, max(SURE, MOST_RATIO * path.stat().st_size))


def bounded(path: Path) -> IO[bytes]:
    """Open a file, unpacked where its name ends in .gz; reading raises TooLarge where that never ends."""
    check_file(path)
    if path.suffix.lower() != ".gz":
        return path.open("rb")
    return cast("IO[bytes]", _Unpacked(path, most_bytes(path)))


class _Unpacked(io.RawIOBase):
    """A gzipped file that may grow to so many bytes."""

    def __init__(self, path: Path, most: int) -> None:
        super().__init__()
        self._path, self._most, self._read = path, most, 0
        self._file = gzip.open(path)  # noqa: SIM115  (closed below)

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises TooLarge."""
        found = self._file.read(size if size >= 0 else self._most + 1)
        self._read += len(found)
        if self._read > self._most:
            raise TooLarge(
                gettext("{path}: unpacks to more than the {most:,} bytes that are allowed").format(
                    path=self._path, most=self._most
                )
            )
        return found

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
