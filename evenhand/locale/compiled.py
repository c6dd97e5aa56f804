"""Catalogues compiled as `msgfmt` would, kept in the user's cache folder: read in a hundredth of the time."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
from contextlib import suppress
from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

KEEP = 4
"""How many versions of compiled catalogues are kept."""
MOST_BYTES = 1 << 24
"""A compiled catalogue that is larger is none of ours."""


class Compiled(NamedTuple):
    """A catalogue as programs read it."""

    translations: GNUTranslations
    folder: Path | None
    """The folder in which gettext finds it under the domain `messages`; None where none can be written."""


def compiled(path: Path) -> Compiled:
    """A .po file, compiled; read again where the file has changed. Raises OSError where there is none."""
    return _compiled(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _compiled(path: Path, _changed: int) -> Compiled:
    source = path.read_bytes()
    folder = _root() / hashlib.sha256(source).hexdigest()[:20]
    made = folder / path.parents[1].name / "LC_MESSAGES" / "messages.mo"
    with suppress(OSError, ValueError, struct.error):  # one that is cut off is made anew
        if made.stat().st_size < MOST_BYTES:
            return Compiled(GNUTranslations(BytesIO(made.read_bytes())), folder)
    data = _machine_readable(path, source)
    kept: Path | None = None
    with suppress(OSError):
        _keep(made, data)
        kept = folder
    return Compiled(GNUTranslations(BytesIO(data)), kept)


def _machine_readable(path: Path, source: bytes) -> bytes:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    out = BytesIO()
    write_mo(out, read_po(BytesIO(source), locale=path.parents[1].name.replace("-", "_")))
    return out.getvalue()


def _root() -> Path:
    """Beside the compiled code of the model: EVENHAND_CACHE, or the user's cache folder."""
    given = os.environ.get("EVENHAND_CACHE") or os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # no home folder
        return (Path(given) if given else Path.home() / ".cache") / "evenhand" / "messages"
    return Path(os.devnull) / "messages"


def _keep(made: Path, data: bytes) -> None:
    """Write the file whole, and drop the oldest versions of it. Raises OSError."""
    made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = made.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(data)
    unfinished.replace(made)
    versions = sorted(made.parents[3].iterdir(), key=lambda one: one.stat().st_mtime_ns)
    for old in versions[:-KEEP]:
        shutil.rmtree(old, ignore_errors=True)
