"""Numbering: words that get their numbers in the order in which they are declared."""

from __future__ import annotations


class Numbering(list[str]):
    """Words whose positions are their numbers in arrays and records; new ones only ever at the end."""

    def new(self, word: str) -> int:
        """Add a word and give its number. Raises ValueError where it is there already."""
        if word in self:
            raise ValueError(f"{word!r} has the number {self.index(word)} already")
        self.append(word)
        return len(self) - 1
