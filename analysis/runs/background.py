"""What the files of a run say beside its numbers: what was changed, and how much rests on judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple, Self

from evenhand.locale.current import gettext, tag
from evenhand.locale.formats import numerals
from evenhand.locale.words import Counted, Named, Text, Words

MOST = 12
"""Changes that are written out."""


class BackgroundWords(Words):
    """The words of the lines at the top of a page."""

    CHANGED = Text("Changed against {base}")
    CHANGE = Text("{label}: {before} → {after}")
    MORE = Counted("and {n} more change", "and {n} more changes")
    NO_CHANGE = Text("nothing")
    ASSUMED = Text("Of the settings that the files give, assumed are {parts}; `evenhand show` lists them.")
    OF = Named(
        scenario="{n} of {all} of the scenario “{name}”",
        policy="{n} of {all} of the policy “{name}”",
    )
    ITEMS = Text(", ")
    SENTENCES = Text("{one} {other}")
    LABELS = Text(": ")


words = BackgroundWords()


class Change(NamedTuple):
    """A setting that is not as in the base of its file."""

    path: str
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return words.CHANGE.format(
            label=_said(self.label), before=gettext(self.before), after=gettext(self.after)
        )


def _said(label: str) -> str:
    """A label, which records keep in English, in the language in force: part by part, names left alone."""
    head, unit = label.removesuffix(")").rsplit(" (", 1) if label.endswith(")") else (label, "")
    parts = [_part(one) for one in head.split(": ")]
    return words.LABELS.join(parts) + (f" ({gettext(unit)})" if unit else "")


def _part(said: str) -> str:
    """One part of a label, which stands there with a small letter behind another."""
    capital = said[:1].upper() + said[1:]
    found = gettext(capital)
    return gettext(said) if found == capital else found


class Assumed(NamedTuple):
    """How many settings of a file have no source."""

    kind: str
    """`scenario` or `policy`."""
    name: str
    n: int
    """Settings whose confidence is `assumed`, or that nobody has marked."""
    of: int
    """All settings that the file and its bases give; built-in defaults are not among them."""


Spoken = Mapping[str, str]
"""A sentence by language tag."""


class Background(NamedTuple):
    """What the files of a scenario and a policy say beside their numbers."""

    base: str = ""
    """Name of the policy's base; empty where it has none."""
    changes: tuple[Change, ...] = ()
    """What the policy changes against its base."""
    assumed: tuple[Assumed, ...] = ()
    futures: tuple[Spoken, ...] = ()
    """What `evenhand robust` found of this policy here, where it was run."""

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "base": self.base or None,
            "changes": [one._asdict() for one in self.changes],
            "assumed": [one._asdict() for one in self.assumed],
            **({"futures": [dict(one) for one in self.futures]} if self.futures else {}),
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any] | None) -> Self:
        """The same again; what is missing or strange is left out, since nothing is computed from it."""
        try:
            changes = [Change(*(str(one[name]) for name in Change._fields)) for one in data["changes"]]  # type: ignore[index]  # caught below
            assumed = [
                Assumed(str(one["kind"]), str(one["name"]), int(one["n"]), int(one["of"]))
                for one in data["assumed"]  # type: ignore[index]
                if one["kind"] in words.OF
            ]
            futures = [
                {str(tag): str(text) for tag, text in one.items()}
                for one in data.get("futures", ())  # type: ignore[union-attr]
            ]
            return cls(str(data["base"] or ""), tuple(changes), tuple(assumed), tuple(futures))  # type: ignore[index]
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls()

    @property
    def badge(self) -> str:
        """How much of the settings is judgement; empty where it is not known."""
        return badge(self.assumed, self.futures)

    @property
    def lead(self) -> tuple[str, list[str]] | None:
        """What was changed against what, as a heading and lines; None without a base."""
        return (words.CHANGED.format(base=self.base), lines(self.changes)) if self.base else None


NONE = Background()
"""Of a run whose files are not at hand."""


def badge(assumed: Sequence[Assumed], futures: Sequence[Spoken] = ()) -> str:
    """How much of the settings of files is judgement, and what futures say of it; empty for no files."""
    if not assumed:
        return ""
    said = [_judged(assumed), *(one.get(tag()) or next(iter(one.values()), "") for one in futures)]
    return reduce(lambda one, other: words.SENTENCES.format(one=one, other=other), filter(None, said))


def _judged(assumed: Sequence[Assumed]) -> str:
    parts = [
        words.OF[one.kind].format(n=numerals(f"{one.n:,}"), all=numerals(f"{one.of:,}"), name=one.name)
        for one in assumed
    ]
    return words.ASSUMED.format(parts=words.ITEMS.join(parts))


def lines(changes: Sequence[Change], most: int = MOST) -> list[str]:
    """A line for each change, at most so many, and one that counts the others."""
    said = [str(one) for one in changes[:most]] or [words.NO_CHANGE]
    more = len(changes) - most
    return [*said, words.MORE(more).format(n=more)] if more > 0 else said
