"""Checksums: of files, and of documents that carry their own."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CHECKSUM = "checksum"
"""The key under which a document carries the checksum of all its other keys."""
BYTES = 16
BLOCK = 2**18
"""Bytes of a file that are looked at together, as many as a processor holds close by."""


def of_file(path: Path) -> str:
    """The length of a file in bytes and its CRC-32 (ISO 3309), in hexadecimal. Raises OSError.

    It finds every flipped bit and every burst of up to 32, and a file in another's place but once in four
    billion; a cryptographic hash would take three times as long, two per cent of a run.
    """
    length = crc = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            length, crc = length + len(block), zlib.crc32(block, crc)
    return f"{length:x}-{crc:08x}"


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
