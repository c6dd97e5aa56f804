"""One page a system, made from its policy file: `python -m docs.build.system_pages` writes `docs/systems`.

What happens when, with its timeline drawn, every figure with its source, and what is assumed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from evenhand import scenarios
from evenhand.analysis.charts.file import save
from evenhand.analysis.policy_timeline import Course, Phase, apart, phases, picture
from evenhand.analysis.policy_timeline.phases import last, numbered
from evenhand.analysis.runs.atomic import whole
from evenhand.scenarios import Loaded, Setting
from evenhand.sim.policy.policy import Policy

HOME = Path(__file__).parents[1] / "systems"
INDEX = "index.md"
NARROW = 1100.0
MADE = "<!-- Made by `python -m docs.build.system_pages` from the policy file: change that, not this. -->"
ABOUT = (
    "Rule sets that are shipped, one page each. *Sourced* counts the settings in a file that have a source "
    "or follow from one, of all that the file sets; the others are assumed and say so."
)
LONGEST = (
    "If the buyer complains at once and everyone uses all the time there is, this takes {days:.3g} days from "
    "delivery, the platform's own work left aside; five business days count as a week."
)
BELOW = "tmall"
"""The rules over which overlays are shown."""
_HEAD = {"kind", "name", "title", "description"}
_SURE = ("first-party", "secondary", "derived")


def names() -> list[str]:
    """The shipped policies, in the order of their names."""
    return [entry.name for entry in scenarios.available() if entry.kind == "policy"]


def page(name: str) -> str:
    """The page of a shipped policy, as Markdown."""
    loaded = scenarios.read(name, "policy")
    policy = as_drawn(loaded)
    found = phases(policy)
    told = _settings(loaded)
    parts = [
        MADE,
        f"# {loaded.model.title}",
        loaded.model.description.strip(),
        *_said_above(loaded),
        _how_to_run(loaded),
        "## What happens when",
        *_way(found, policy),
        f"![{loaded.model.title}: who has how long at each step]({name}.svg)",
        "## What the sources say",
        *_sourced(told),
        "## What is assumed",
        *_assumed(told),
        *_remarks(loaded),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def index() -> str:
    """The list of all pages, as Markdown."""
    rows = [_row(name) for name in names()]
    head = ("System", "Decided by", "Merchant's time to answer", "Silence then", "Reviews", "Sourced")
    return (
        "\n\n".join(
            [
                MADE,
                "# Systems",
                ABOUT,
                table(head, rows),
            ]
        )
        + "\n"
    )


def write(folder: Path = HOME, chosen: Sequence[str] | None = None) -> list[Path]:
    """Write the pages of the policies chosen, or of all, their pictures and the index. Raises OSError."""
    written = []
    for name in names() if chosen is None else chosen:
        written += [_put(folder / f"{name}.md", page(name)), _drawn(folder / f"{name}.svg", name)]
    return [*written, _put(folder / INDEX, index())]


def _put(path: Path, text: str) -> Path:
    with whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def _drawn(path: Path, name: str) -> Path:
    policy = as_drawn(scenarios.read(name, "policy"))
    course = Course(policy.title, phases(policy), tuple(apart(policy)))
    with whole(path) as temporary:
        save(picture([course], width=NARROW), temporary)
    return path


def _is_overlay(loaded: Loaded) -> bool:
    """Whether a file says nothing but what is different for some cases, so that it needs rules below it."""
    return {path.partition(".")[0] for path in loaded.places if path} <= {*_HEAD, "exceptions"}


def as_drawn(loaded: Loaded) -> Policy:
    """The policy whose course is shown: an overlay's is laid over the rules that it is shown on."""
    policy = scenarios.policy(f"{BELOW}+{loaded.name}") if _is_overlay(loaded) else loaded.model
    assert isinstance(policy, Policy)
    return policy


def _how_to_run(loaded: Loaded) -> str:
    file = f"the file is `scenarios/policies/{loaded.name}.yaml`."
    if _is_overlay(loaded):
        run = f"`evenhand run {BELOW}+{loaded.name}`"
        return f"An overlay: {run} lays it over the rules of {BELOW}, as it is shown here; {file}"
    return f"`evenhand run {loaded.name}` runs these rules; {file}"


def _said_above(loaded: Loaded) -> Iterator[str]:
    """What the file says in the comment above its first line: why it is as it is."""
    first, _ = _comments(loaded)
    if first:
        yield f"> {first}"


def _remarks(loaded: Loaded) -> Iterator[str]:
    """The other comments of the file: what sources contradict, and why a value was chosen."""
    _, others = _comments(loaded)
    if others:
        yield "## Remarks in the file"
        yield "\n".join(f"- {_clean(one)}" for one in others)


def _comments(loaded: Loaded) -> tuple[str, list[str]]:
    """The comment above the first line, and the comments on lines of their own below it, a block each."""
    blocks: list[list[str]] = [[]]
    for line in loaded.path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("#"):
            blocks[-1].append(text.lstrip("#").strip())
        elif blocks[-1] or len(blocks) == 1:
            blocks.append([])
    first, *others = (" ".join(filter(None, block)) for block in blocks)
    return first, [block for block in others if block]


def _way(found: Sequence[Phase], policy: Policy) -> Iterator[str]:
    """The phases in words, a numbered line each, and the longest way."""
    yield "\n".join(f"{number}. {_sentence(phase)}" for number, phase in numbered(found))
    different = [f"- {_clean(one)}." for one in apart(policy)]
    if different:
        yield "Different for some cases, or later:"
        yield "\n".join(different)
    yield LONGEST.format(days=last(found) / 24)


def _sentence(phase: Phase) -> str:
    """One phase: who, what, how long, from when, what silence means, and conditions."""
    who = " and ".join(phase.lanes)
    length = [f"{phase.window} from {phase.counts_from}"] if phase.window else []
    silence = [f"when the time is up: {phase.silence}"] if phase.silence else []
    told = "; ".join([*length, *silence, *phase.notes])
    return f"**{phase.title}** ({who}){': ' if told else ''}{told}."


def _settings(loaded: Loaded) -> list[Setting]:
    return [
        one for one in scenarios.settings(loaded) if one.path not in _HEAD and one.confidence != "default"
    ]


def _sourced(told: Sequence[Setting]) -> Iterator[str]:
    rows = [
        (f"`{one.path}`", one.value, one.confidence, "; ".join(filter(None, (one.source, one.note))))
        for one in told
        if one.confidence in _SURE
    ]
    yield table(("Setting", "Value", "Confidence", "Source"), rows) if rows else "No setting has a source."


def _assumed(told: Sequence[Setting]) -> Iterator[str]:
    """Settings without a source, those with the same reason in one line."""
    by_note: dict[str, list[str]] = {}
    for one in told:
        if one.confidence not in _SURE:
            reason = "; ".join(filter(None, (one.source, one.note))) or "no reason given"
            by_note.setdefault(reason, []).append(f"`{one.path}` {one.value}")
    if not by_note:
        yield "Nothing that the file sets."
    else:
        yield "\n".join(f"- {_clean(note)}: {_clean(', '.join(paths))}." for note, paths in by_note.items())
    yield "Settings that the file leaves out have their defaults: `evenhand show` lists them all."


def _row(name: str) -> tuple[str, ...]:
    loaded = scenarios.read(name, "policy")
    policy = as_drawn(loaded)
    answer = next(one for one in phases(policy) if one.key == "windows.merchant_evidence")
    told = _settings(loaded)
    sourced = sum(one.confidence in _SURE for one in told)
    decider = f"panel of {policy.decision.panel.size}" if policy.decision.decider == "panel" else "desk"
    return (
        f"[{loaded.model.title}]({name}.md)",
        decider,
        str(answer.window),
        answer.silence,
        str(policy.review.limit or "none"),
        f"{sourced} of {len(told)}",
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; texts stay in their cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_clean(cell) for cell in line)} |" for line in lines)


def _clean(text: str) -> str:
    """A text that stays in its cell."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    for path in write(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME):
        print(path)
