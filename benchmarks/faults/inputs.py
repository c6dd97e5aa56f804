"""Hostile inputs: policies, scenarios, gates, mappings and questions, made from sound ones or made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.faults.child import Command, ask
from benchmarks.faults.things import EXPECT, MAP, SHORT, copied
from benchmarks.faults.verdict import Fault, Faults, FaultVerdict, judged
from evenhand import scenarios

NUMBERS = (
    "-1",
    "0",
    "1e308",
    "-1e308",
    "1e-320",
    ".nan",
    ".inf",
    "99999999999999999999",
    "0x10",
    "1_000",
    "010",
    "1e999",
    "-0.0",
    "null",
    "true",
    "~",
    "[]",
    "{}",
    "''",
    "12:30:00",
    "2025-02-30",
    "5 d",
    "-5 d",
    "1e300 d",
)
QUESTIONS = (
    "from disputes",
    "select ending, count(*) from disputes group by all",
    "from metrics where value > 0.5",
    "select sum(amount) over (order by filed_at) from disputes",
    "select * from events limit 3",
)
DEEP = 20_000
FIRST_RUNS = 10
"""One in so many files that pass every check is run as well."""


def faults(number: int, random: Random, base: Path, scratch: Path) -> Faults:
    """Make up inputs of each form in turn, and have them checked, or run."""
    here = copied(base, scratch / "inputs")
    shipped = scenarios.available()
    texts = {
        kind: [one.path.read_text(encoding="utf-8") for one in shipped if one.kind == kind]
        for kind in ("policy", "scenario")
    }
    forms: tuple[tuple[str, Callable[[], str], Command], ...] = (
        ("policy", lambda: random.choice(texts["policy"]), ("check", "policy.yaml")),
        ("scenario", lambda: random.choice(texts["scenario"]), ("check", "scenario.yaml")),
        ("gate", lambda: EXPECT, ("gate", "gate.yaml")),
        ("map", lambda: MAP, ("calibrate", "log.csv", "--map", "map.yaml", "--check", CALM, *QUICK)),
        ("question", lambda: random.choice(QUESTIONS), ()),
    )
    for k in range(number):
        form, text, command = forms[k % len(forms)] if k % 7 else forms[k // 7 % len(forms)]
        made = hostile(text(), random)
        what = f"{form}: {made[:200]!r}"
        if form == "question":
            asked = made.decode("utf-8", "replace").replace("\0", "")
            answer = ask(here, ("query", "run", asked))
        else:
            (here / f"{form}.yaml").write_bytes(made)
            answer = ask(here, command)
        verdict = judged(answer, None)
        if form == "gate" and answer.status == 1 and answer.out.strip():
            verdict = FaultVerdict.UNHARMED  # a sound gate that does not hold, which it says on stdout
        if verdict is FaultVerdict.UNHARMED and form in ("policy", "scenario") and k % FIRST_RUNS == 0:
            answer = ask(copied(here, scratch / "run"), _run(form))
            verdict = judged(answer, None)
        yield Fault(what, verdict, answer.err[-300:])


CALM = "tmall_unresponsive"
QUICK = ("--policy", "mediation", "--replications", "1", "--engine", "simpy")


def _run(form: str) -> Command:
    """A short run of a file that has passed every check."""
    if form == "policy":
        return ("run", "policy.yaml", *SHORT, "--replications", "1")
    return ("run", "tmall", "--scenario", "scenario.yaml", *SHORT[2:], "--replications", "1")


def hostile(text: str, random: Random) -> bytes:
    """A text that has been changed in one to three ways, or something that never was a sound one."""
    if random.random() < 0.05:
        return random.choice(MADE_UP)(random)
    lines = text.splitlines()
    for _ in range(random.randint(1, 3)):
        random.choice(CHANGES)(lines, random)
    data = "\n".join(lines).encode() + b"\n"
    if random.random() < 0.1:
        at = random.randrange(len(data))
        data = data[:at] + random.randbytes(random.randint(1, 4)) + data[at:]
    return data


def _number(lines: list[str], random: Random) -> None:
    """Another value in place of one."""
    places = [at for at, line in enumerate(lines) if ": " in line]
    if places:
        at = random.choice(places)
        key, _, value = lines[at].rpartition(": ")
        tail = value[len(value.rstrip("},] ")) :]
        lines[at] = f"{key}: {random.choice(NUMBERS)}{tail}"


def _remove(lines: list[str], random: Random) -> None:
    if len(lines) > 1:
        del lines[random.randrange(len(lines))]


def _double(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    lines.insert(random.randrange(len(lines)), lines[at])


def _indent(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    lines[at] = random.choice((" ", "  ", "\t", "        ")) + lines[at]


def _letter(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    if line := lines[at]:
        place = random.randrange(len(line))
        lines[at] = (
            line[:place] + random.choice("x:-#&*!|>'\"{}[],%@`\u200b\u00e9新\u0000") + line[place + 1 :]
        )


def _swap(lines: list[str], random: Random) -> None:
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _long(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    lines[at] += random.choice("x9 ") * random.choice((100, 10_000, 300_000))


def _base(lines: list[str], random: Random) -> None:
    """A base that is itself, a folder, a device, or not there."""
    lines.append(f"base: {random.choice(('policy.yaml', 'scenario.yaml', '.', '/dev/null', 'tmal', '1'))}")


CHANGES: tuple[Callable[[list[str], Random], None], ...] = (
    _number,
    _number,
    _number,
    _remove,
    _double,
    _indent,
    _letter,
    _letter,
    _swap,
    _long,
    _base,
)
MADE_UP: tuple[Callable[[Random], bytes], ...] = (
    lambda random: random.randbytes(random.randrange(2000)),
    lambda _: b"",
    lambda _: b"[" * DEEP,
    lambda _: b"{a: " * DEEP,
    lambda _: "\n".join(f"{' ' * k}a:" for k in range(2000)).encode(),
    lambda _: (
        b"a: &a [x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (k + 1, k + 1, b", ".join([b"*%c" % k] * 9)) for k in range(97, 110))
    ),
    lambda _: b"kind: policy\n" + b"x: 1\n" * 50_000,
    lambda _: "kind: policy\ntitle: ".encode("utf-16"),
    lambda _: b"kind: !!python/object/apply:os.system ['false']\n",
    lambda _: b"--- 1\n--- 2\n",
)
"""Noise, nothing, depth, expansion, length, another encoding, code, several documents."""
