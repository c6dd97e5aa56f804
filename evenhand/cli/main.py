"""What `evenhand` understands; every command imports what it needs when it runs, so that help is quick."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from evenhand.cli import completion, errors, first_line
from evenhand.cli.advise import advise
from evenhand.cli.attribute import attribute
from evenhand.cli.audit import audit
from evenhand.cli.calibrate import calibrate
from evenhand.cli.cluster import cluster
from evenhand.cli.fairness import fairness
from evenhand.cli.goal import goal
from evenhand.cli.interrupts import meant, watch
from evenhand.cli.languages import spoken, translated, without_lang
from evenhand.cli.options import (
    Cluster,
    Cohort,
    Days,
    EngineChoice,
    Exchange,
    Force,
    Format,
    Kind,
    Lang,
    MetricsFrom,
    Moves,
    Name,
    NoVerify,
    OpenLoop,
    Policies,
    PolicyIfAny,
    Replace,
    Replications,
    RunFolder,
    Scenario,
    Seed,
    Shape,
    Spoken,
    Workers,
    is_typed,
    only,
)
from evenhand.cli.query import query
from evenhand.cli.robust import robust
from evenhand.cli.search import search
from evenhand.cli.streams import check_words, prepare
from evenhand.cli.studio import studio
from evenhand.cli.sweep import sweep
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.renamed import words_of_today

OBJECTS = 50_000
"""Made since the last look for garbage, before the next."""


class Commands(TyperGroup):
    """All commands; whatever they raise becomes lines on stderr and an exit status."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command of the arguments and leave with its exit status."""
        words = args[0] if args else extra.get("args")
        with spoken(sys.argv[1:] if words is None else words):
            sys.exit(self._status(*args, typed=words is None, **extra))

    def _status(self, *args: Any, typed: bool, **extra: Any) -> Any:
        """Run the command and give its exit status."""
        try:
            check_words(sys.argv[1:] if typed else [])
            translated(self)
            status = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
            if status == errors.INTERRUPTED:  # typer has swallowed the interrupt itself
                errors.tell(KeyboardInterrupt())
        except (Exception, KeyboardInterrupt) as raised:  # noqa: BLE001 (the unexpected is raised again)
            error = meant(raised)
            if isinstance(error, SystemExit):
                raise error from None
            status = errors.tell(error)
        return status

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command line; options of before are those of today."""
        return super().parse_args(ctx, words_of_today(args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command of some words; each understands `--lang`, of which `spoken` has taken account."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command, without_lang(command, rest)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; the end of a file is not the interrupt that it is taken for elsewhere."""
        try:
            return super().invoke(ctx)
        except EOFError as error:
            raise errors.Unforeseen(error) from error


app = typer.Typer(
    name="evenhand",
    cls=Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(audit)
app.add_typer(cluster)
app.command()(advise)
app.command()(attribute)
app.command()(calibrate)
app.command()(fairness)
app.command()(goal)
app.command()(query)
app.command()(studio)
app.command()(search)
app.command()(robust)
app.command()(sweep)


@app.callback(invoke_without_command=True)
def evenhand(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    lang: Spoken = "en",
) -> None:
    """Simulate how e-commerce disputes are arbitrated, and see what the rules do.

    \b
    Examples:
      evenhand list                    what is shipped
      evenhand run tmall               run Tmall's rules and write a report
      evenhand show policies/tmall     every rule, and where it comes from
      evenhand check my-rules.yaml     find mistakes in a file
      evenhand explain runs/tmall-tmall-seed1 17
      evenhand compare tmall wechat_shop_2024
                                       what differs between two sets of rules
    """
    if version:
        from evenhand.storage.version import version as number

        print(f"evenhand {number()}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def run(
    context: typer.Context,
    policy: PolicyIfAny = None,
    scenario: Scenario = "tmall",
    replications: Replications = 10,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    open_loop: OpenLoop = False,
    cohort: Cohort = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write.  [default: runs/POLICY-SCENARIO-seedSEED]"),
    ] = None,
    force: Replace = False,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="Finish the run in this folder; it knows what was asked for."),
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    lang: Lang = "en",
    shape: Shape = Format.TEXT,
) -> None:
    """Run a policy in a scenario: metrics on the screen, records and a report in a folder.

    A run that is stopped, by whatever, keeps the replications that are done; go on with --resume.

    \b
    Examples:
      evenhand run tmall
      evenhand run tmall --lang zh
      evenhand run mediation --scenario nyc_mediation --replications 30
      evenhand run my-rules.yaml --days 60 --seed 7 --out runs/mine
      evenhand run tmall --replications 1000 --workers 8 --out runs/long
      evenhand run --resume runs/long
      evenhand run tmall --format json | python -m json.tool
    """
    first_line.show()
    from evenhand.cli import run as running
    from evenhand.parallel.pool import Asked
    from evenhand.storage.plan import Order

    asked, as_json = Asked(workers, cluster), shape is Format.JSON
    if resume is not None:
        only(context, "--resume", "--out", "--force", "--workers", "--cluster", "--lang", "--format")
        running.resume(resume, asked, out, force=force, as_json=as_json, lang=lang)
        return
    if policy is None:
        raise UsageError(gettext("run: needs a POLICY, or --resume and the folder of an unfinished run"))
    order = Order(policy, scenario, replications, days, seed, engine.value, open_loop, cohort)
    running.carry_out(order, out, asked, force=force, as_json=as_json, lang=lang)


@app.command(name="list")
def list_shipped(shape: Shape = Format.TEXT) -> None:
    """List the scenarios and policies that are shipped.

    \b
    Examples:
      evenhand list
      evenhand list --format json
    """
    from evenhand.cli.catalogue import print_list

    print_list(as_json=shape is Format.JSON)


@app.command()
def show(
    name: Name,
    shape: Shape = Format.TEXT,
) -> None:
    """Show every setting of a scenario or policy, and how well each is known.

    \b
    Examples:
      evenhand show wechat_shop_2024
      evenhand show worlds/tmall       the scenario, where a policy has the same name
      evenhand show policies/tmall     the policy
    """
    from evenhand.cli.catalogue import print_settings

    print_settings(name, as_json=shape is Format.JSON)


@app.command()
def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Files or shipped names.", autocompletion=completion.names),
    ],
) -> None:
    """Check files: mistakes, what they change, what has no effect; given both kinds, also the loads of desks.

    \b
    Examples:
      evenhand check my-rules.yaml
      evenhand check my-market.yaml my-rules.yaml
    """
    from evenhand.cli.check import print_check

    print_check(files)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its file; .yaml is added.")],
    base: Annotated[
        str,
        typer.Option(help="What it changes: a shipped name or a file.", autocompletion=completion.names),
    ] = "tmall",
    kind: Annotated[Kind, typer.Option(help="What it is to be.")] = Kind.POLICY,
) -> None:
    """Begin a file of your own: its base, a first change as a comment, and its schema for editors.

    \b
    Examples:
      evenhand new my-rules --base tmall
      evenhand new my-market --kind scenario
    """
    from evenhand.cli.new import carry_out

    carry_out(name, base, kind.value)


@app.command()
def schema(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="policy or scenario.")],
) -> None:
    """Print the JSON schema of a kind of file: every setting, its meaning, its unit and what is allowed.

    \b
    Examples:
      evenhand schema policy
      evenhand schema scenario
    """
    from evenhand.scenarios.schema import text

    print(text(kind.value), end="")


@app.command()
def explain(
    folder: RunFolder,
    dispute: Annotated[int, typer.Argument(metavar="DISPUTE", help="Its number in the records.")],
    replication: Annotated[int, typer.Option(help="Which replication; the first is 0.")] = 0,
    advice: Annotated[
        bool, typer.Option("--advise", help="Say, too, what would have turned it; lives its world again.")
    ] = False,
    policy: Annotated[
        str | None,
        typer.Option(help="Of a comparison: the policy beside the baseline.  [default: the first]"),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="Of a comparison: which scenario.  [default: the first]")
    ] = None,
    no_verify: NoVerify = False,
) -> None:
    """Tell the life of one dispute: what happened, what decided it, and what nobody could see.

    In the folder of a comparison, its two lives: under the baseline and under another policy.

    \b
    Examples:
      evenhand explain runs/tmall-tmall-seed1 17
      evenhand explain runs/tmall-tmall-seed1 17 --replication 3
      evenhand explain runs/two 17 --replication 3 --policy w24
    """
    from evenhand.cli.explain import tell

    tell(folder, dispute, replication, verify=not no_verify, policy=policy, scenario=scenario)
    if advice:
        from evenhand.cli.advise_run import tell_both

        tell_both(folder, dispute, replication, verify=not no_verify)


@app.command()
def gate(
    file: Annotated[Path, typer.Argument(metavar="EXPECT", help="What is expected of which policy.")],
    accept: Annotated[
        str | None, typer.Option(metavar="WHY", help="Expect what the policies do now, for this reason.")
    ] = None,
    shape: Shape = Format.TEXT,
) -> None:
    """Fail where a metric really moved: hold policies to what was accepted of them.

    Exit status: 0 nothing moved by more than its margin, 1 something did or stayed undecided, 2 bad input.

    \b
    Examples:
      evenhand gate expect.yaml
      evenhand gate expect.yaml --accept "the window is shorter on purpose"
      evenhand gate expect.yaml --format json
    """
    from evenhand.cli.gate import carry_out

    if not carry_out(file, accept, as_json=shape is Format.JSON):
        raise typer.Exit(1)


@app.command()
def report(
    context: typer.Context,
    folder: RunFolder,
    stress_des: Annotated[
        bool, typer.Option("--stress-des", help="The STRESS-DES checklist (Monks et al. 2019), as Markdown.")
    ] = False,
    lang: Lang = "en",
    out: Annotated[Path | None, typer.Option(help="File to write.  [default: the screen]")] = None,
    force: Force = False,
    no_verify: NoVerify = False,
) -> None:
    """Write the page of a run once more, in any language, or fill a reporting checklist from it.

    The checklist lists the boxes that are left for the author.

    \b
    Examples:
      evenhand report runs/tmall-tmall-seed1 --lang zh --out zh.html
      evenhand report --stress-des runs/tmall-tmall-seed1
      evenhand report --stress-des runs/tmall-tmall-seed1 --out stress.md
    """
    from evenhand.cli.report import carry_out

    if stress_des and is_typed(context, "lang"):
        raise UsageError(gettext("--lang: has no meaning beside --stress-des: the checklist is English"))
    carry_out(folder, out, stress_des=stress_des, lang=lang, force=force, verify=not no_verify)


@app.command()
def bundle(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A run, comparison or sweep; with --check, an archive."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE.zip", help="[default: DIR.zip]")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Run again what an archive holds, and compare to the bit.")
    ] = False,
    run_code: Annotated[
        bool,
        typer.Option("--run-code", help="With --check: run the Python files in the archive; read them."),
    ] = False,
    workers: Workers = None,
    force: Force = False,
    shape: Shape = Format.TEXT,
) -> None:
    """Put a run, comparison or sweep into one archive, or run again what an archive holds and compare.

    Exit status of --check: 0 every number is the same to the bit, 1 something differs, 2 bad input.

    \b
    Examples:
      evenhand bundle runs/two
      evenhand bundle runs/two -o paper.zip
      evenhand bundle --check paper.zip
    """
    from evenhand.cli.bundle import carry_out, check_again

    if not check:
        only(context, "DIR", "--out", "--force", "--format")
        carry_out(folder, out, force=force, as_json=shape is Format.JSON)
        return
    only(context, "--check", "DIR", "--run-code", "--workers", "--format")
    if not check_again(folder, workers, run_code=run_code, as_json=shape is Format.JSON):
        raise typer.Exit(1)


@app.command()
def export(
    folder: RunFolder,
    to: Annotated[
        Exchange, typer.Option(help="XES (IEEE 1849), OCEL 2.0 (SQLite), or CSV or .xlsx of events.")
    ],
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="- is the screen.  [default: RUN's name]")
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="DATE", help="When the run begins.  [default: the scenario's day]")
    ] = None,
    truth: Annotated[
        bool, typer.Option("--truth", help="Also what only the simulator knows: cause, validity, fault.")
    ] = False,
    force: Force = False,
    no_verify: NoVerify = False,
) -> None:
    """Write the event log of a run for the tools of process mining.

    \b
    Examples:
      evenhand export runs/tmall-tmall-seed1 --to xes
      evenhand export runs/tmall-tmall-seed1 --to ocel --out log.sqlite --truth
      evenhand export runs/tmall-tmall-seed1 --to csv --out - | head
    """
    from evenhand.cli.export import carry_out

    carry_out(folder, to.value, out, start, truth=truth, force=force, verify=not no_verify)


@app.command()
def conform(
    log: Annotated[
        Path, typer.Argument(metavar="LOG", help="A run's folder, or .xes, .sqlite, .csv, .xlsx, .parquet.")
    ],
    rules: Annotated[
        Path | None, typer.Argument(metavar="RULES", help="A file of rules.  [default: due process]")
    ] = None,
    policy: Annotated[
        str | None, typer.Option(help="Whose windows and limits count.  [default: the run's]")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="Whose calendar counts business days.  [default: the run's]")
    ] = None,
    case: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="In a table, with the next three.")
    ] = None,
    activity: Annotated[str | None, typer.Option(metavar="COLUMN", help="What happened.")] = None,
    time: Annotated[str | None, typer.Option(metavar="COLUMN", help="When: a date, or hours.")] = None,
    resource: Annotated[str | None, typer.Option(metavar="COLUMN", help="Who did it.")] = None,
    unit: Annotated[
        str | None,
        typer.Option(help="What numbers as times count: yyyymmdd, days (serial), hours, s, ms, us or ns."),
    ] = None,
    dates: Annotated[
        str | None,
        typer.Option(metavar="ORDER", help="Of dates that end with their year: dmy, day first, or mdy."),
    ] = None,
    lifecycle: Annotated[
        str, typer.Option(metavar="WORD", help="Events of this transition count, or all.")
    ] = "complete",
    of: Annotated[str, typer.Option("--object", metavar="TYPE", help="In OCEL: what is a case.")] = "dispute",
    most: Annotated[int, typer.Option(min=0, help="Violations to list.")] = 20,
    out: Annotated[
        Path | None, typer.Option(help="A .csv or .xlsx for all violations.  [default: none]")
    ] = None,
    force: Force = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Pass a log to which no rule applies.")
    ] = False,
    no_verify: NoVerify = False,
    shape: Shape = Format.TEXT,
) -> None:
    """Check whether due process is kept in a log: a run's own, or one of the world.

    Exit status: 0 every rule that applies is kept, 1 one is broken, 2 bad input or no rule applies.

    \b
    Examples:
      evenhand conform runs/tmall-tmall-seed1
      evenhand conform log.xes my-rules.yaml --policy tmall
      evenhand conform events.csv my-rules.yaml --case complaint --activity step --time at
    """
    from evenhand.analysis.eventlog import Mapping
    from evenhand.cli.conform import Order, carry_out, order_named, unit_named

    mapping = Mapping(
        case,
        activity,
        time,
        resource,
        unit=unit_named(unit),
        dates=order_named(dates),
        transition=lifecycle,
    )
    order = Order(
        log,
        rules,
        policy,
        scenario,
        mapping,
        of,
        most,
        out,
        force,
        verify=not no_verify,
        allow_empty=allow_empty,
    )
    if not carry_out(order, as_json=shape is Format.JSON):
        raise typer.Exit(1)


@app.command()
def timeline(
    policies: Policies,
    scenario: Annotated[
        str | None,
        typer.Option(help="Whose calendar counts business days.  [default: five are a week]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A picture: .png, .svg or .pdf.  [default: the screen]")
    ] = None,
    force: Force = False,
    shape: Shape = Format.TEXT,
) -> None:
    """Draw policies as swim lanes: who has how long at each step, and what silence means at its end.

    \b
    Examples:
      evenhand timeline tmall
      evenhand timeline tmall wechat_shop_2024 --out two.png
      evenhand timeline my-rules.yaml --scenario tmall --out wall.pdf
    """
    from evenhand.cli.timeline import carry_out

    carry_out(policies, scenario, out, force=force, as_json=shape is Format.JSON)


@app.command()
def draws(shape: Shape = Format.TEXT) -> None:
    """List every random quantity: its number, name, owner and law.

    \b
    Examples:
      evenhand draws
      evenhand draws --format json
    """
    from evenhand.cli.catalogue import print_draws

    print_draws(as_json=shape is Format.JSON)


@app.command()
def compare(
    policies: Policies,
    scenario: Annotated[
        list[str] | None, typer.Option(help="A shipped scenario or a file; repeatable.  [default: tmall]")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="POLICY", help="Compare with this one.  [default: the first]")
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(help="Worlds.  [default: 30; to begin with, 10 with --until, 12 with --select]"),
    ] = None,
    days: Days = None,
    seed: Seed = 1,
    metric: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this one; repeatable.  [default: all]")
    ] = None,
    until: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC=±WIDTH", help="Add worlds until its interval is as narrow; repeatable."),
    ] = None,
    select: Annotated[
        str | None, typer.Option(metavar="METRIC", help="Pick the policy that is best in this.")
    ] = None,
    margin: Annotated[
        str | None, typer.Option(metavar="WIDTH", help="With --select: differences below do not matter.")
    ] = None,
    budget: Annotated[int, typer.Option(help="Most worlds with --until or --select.")] = 200,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN[:GROUP]",
            help="What changes for each group of buyer_group, merchant_group, category, claimed, "
            "amount_band, ..., and the gaps to GROUP; repeatable.",
        ),
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --by and one --metric: a picture, .png, .svg or .pdf."),
    ] = None,
    metrics_from: MetricsFrom = None,
    engine: Moves = EngineChoice.AUTO,
    open_loop: OpenLoop = False,
    cohort: Cohort = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write.  [default: none]")] = None,
    stress_des: Annotated[
        bool,
        typer.Option(
            "--stress-des",
            help="With --out: the STRESS-DES checklist in stress-des.md; before it, each policy lives "
            "a world under both engines, which must agree to the bit.",
        ),
    ] = False,
    flip: Annotated[
        str | None,
        typer.Option(metavar="ATTRIBUTE:FROM:TO", help="On the page: live a group again as another."),
    ] = None,
    force: Replace = False,
    workers: Workers = None,
    cluster: Cluster = None,
    lang: Lang = "en",
    shape: Shape = Format.TEXT,
) -> None:
    """Compare policies in the same worlds: what differs, by how much, and how surely.

    \b
    Examples:
      evenhand compare tmall wechat_shop_2024
      evenhand compare tmall my-rules.yaml --until wrongful_denial_rate=±0.2pt
      evenhand compare tmall a.yaml b.yaml --select effective_denial_rate --margin 0.5pt
      evenhand compare tmall my-rules.yaml --out runs/mine-against-tmall --stress-des
      evenhand compare tmall tmall+rules.py:generous --metrics-from my.py --metric valid_share
      evenhand compare tmall wechat_shop_2024 --out runs/two --flip merchant.group:small:flagship
      evenhand compare tmall wechat_shop_2024 --by buyer_group --metric effective_denial_rate --chart new.png
    """
    first_line.show()
    from evenhand.cli.compare import Order, carry_out
    from evenhand.parallel.pool import Asked

    carry_out(
        Order(
            policies,
            scenario or ["tmall"],
            baseline,
            replications,
            days,
            seed,
            metric or [],
            until or [],
            budget,
            select,
            margin,
            engine.value,
            open_loop,
            flip,
            Asked(workers, cluster),
            cohort,
            by or [],
            metrics_from or [],
            stress_des,
        ),
        out,
        force=force,
        as_json=shape is Format.JSON,
        lang=lang,
        chart=chart,
    )


def main() -> None:
    """Run the command that the arguments name."""
    prepare()
    watch()
    # Nearly all that a command loads stays to the end: looking for garbage in it, on the way and once more
    # when the program ends, is a fifth of a short run.
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)
    # When all is done there is nothing to stop, and Python would print a traceback.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    app()
