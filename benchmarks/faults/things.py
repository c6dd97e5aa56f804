"""What is harmed: a finished run, an unfinished one, a sweep, a gate and the files that they come from."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from benchmarks.faults.child import Command, ask

MARKET = "kind: scenario\nbase: tmall_unresponsive\nmarket: {orders_per_day: 60}\n"
RULES = "kind: policy\nbase: tmall\ndecision: {standard: 0.55}\n"
EXPECT = """
days: 20
replications: 10
budget: 10
gates:
  - scenario: market.yaml
    policy: rules.yaml
    metrics:
      filed_share: {margin: 5 pt}
"""
MAP = """
source: a made-up office
columns: {opened: received, closed: closed, outcome: result, cause: reason, merchant: shop, amount: claim}
outcomes: {agreed: settled, refused: ruled merchant}
causes: {late: late_dispatch, broken: quality_defect}
"""
SHORT: Command = ("--scenario", "market.yaml", "--days", "20", "--engine", "simpy", "--seed", "5")
RUN: Command = ("run", "rules.yaml", *SHORT, "--replications", "6", "--workers", "1")
SWEEP: Command = (
    "sweep",
    "rules.yaml",
    *SHORT,
    "--replications",
    "2",
    "--vary",
    "decision.standard=0.4..0.6",
    "--points",
    "4",
    "--metric",
    "filed_share",
    "--workers",
    "1",
)
COMPARE: Command = ("compare", "rules.yaml", "tmall", *SHORT, "--replications", "4")
FIT: Command = (
    "calibrate",
    "log.csv",
    "--map",
    "map.yaml",
    "--out",
    "made.yaml",
    "--policy",
    "mediation",
    "--trials",
    "0",
    "--replications",
    "1",
    "--engine",
    "simpy",
)
TABLES = (("runs", "metrics", "disputes"), ("events", "merchants", "desks"))


def reads(run: str) -> tuple[Command, ...]:
    """All that can be read of a finished run."""
    return *(("query", run, " union all ".join(map(_hashed, tables))) for tables in TABLES), (
        "explain",
        run,
        "0",
    )


def _hashed(table: str) -> str:
    """A question for a number that every value of a table has moved."""
    return f"select count(*), sum(hash(a)::hugeint) from {table} a"  # noqa: S608  (names of our own)


def written(folder: Path, random: Random) -> Path:
    """A folder with the files of a user."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("market", MARKET), ("rules", RULES), ("expect", EXPECT), ("map", MAP)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    rows = ["received,closed,result,reason,shop,claim"]
    for day in range(1, 29):
        for _ in range(4):
            result, cause = random.choice(["agreed", "refused"]), random.choice(["late", "broken"])
            closed = f"2020-02-{random.randint(1, 28):02d}"
            rows.append(f"2020-01-{day:02d},{closed},{result},{cause},shop {random.randint(1, 9)},{day}.50")
    (folder / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def made(folder: Path, random: Random) -> Path:
    """The same, with a finished run and one of its halves."""
    written(folder, random)
    done(folder, (*RUN, "--out", "run"))
    shutil.copytree(folder / "run", folder / "half")
    for name in ("manifest.json", "report.html"):
        (folder / "half" / name).unlink()
    shutil.rmtree(max((folder / "half" / "parts").iterdir()))
    return folder


def need(folder: Path, name: str) -> None:
    """Make what is harmed beside the run, if it is not there: a sweep, or what a gate expects."""
    if name == "sweep" and not (folder / name).is_dir():
        done(folder, (*SWEEP, "--out", "sweep"))
    if name == "expect.yaml" and (folder / name).read_text(encoding="utf-8") == EXPECT:
        done(folder, ("gate", "expect.yaml", "--accept", "first"))


def done(folder: Path, command: Command) -> None:
    """Carry out what must succeed. Raises RuntimeError."""
    answer = ask(folder, command)
    if answer.status != 0:
        raise RuntimeError(f"{' '.join(command)}: {answer.err.strip()[-500:]}")


def copied(folder: Path, to: Path) -> Path:
    """A fresh copy, in place of what was there."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, symlinks=True)
    return to


def contents(place: Path) -> dict[str, bytes]:
    """Every byte of a file or folder, but for what is hidden."""
    if place.is_file():
        return {"": place.read_bytes()}
    found = (path for path in sorted(place.rglob("*")) if path.is_file())
    names = ((path.relative_to(place), path) for path in found)
    return {
        str(name): path.read_bytes()
        for name, path in names
        if not any(part.startswith(".") for part in name.parts)
    }
