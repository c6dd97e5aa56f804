"""Checksums: of files, and of documents that carry their own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CHECKSUM = "checksum"
"""The key under which a document carries the checksum of all its other keys."""
BYTES = 16


def of_file(path: Path) -> str:
    """The BLAKE2b checksum of a file's bytes (RFC 7693), 16 bytes in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=BYTES)).hexdigest()


def of_content(content: Any) -> str:
    """The SHA-256 of content as JSON with sorted keys and no spaces, whatever its layout in a file."""
    return hashlib.sha256(_canonical(content)).hexdigest()


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with its own checksum at the end."""
    return {**document, CHECKSUM: _own(document)}


def holds(document: Mapping[str, Any]) -> bool:
    """Whether a document is as it was sealed; False for one without a checksum."""
    return document.get(CHECKSUM) == _own(document)


def _own(document: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in document.items() if key != CHECKSUM}
    return hashlib.blake2b(_canonical(rest), digest_size=BYTES).hexdigest()


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        errors="surrogatepass"  # JSON may hold half of a character, and a damaged file is no reason to stop
    )
