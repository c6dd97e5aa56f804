"""`evenhand cluster`: start a Dask scheduler and its workers, on loopback unless told otherwise."""

from __future__ import annotations

from typing import Annotated

import typer

from evenhand.errors import UsageError
from evenhand.locale.current import gettext

HOST = "127.0.0.1"
FREE = {"allow_extra_args": True, "ignore_unknown_options": True}
Host = Annotated[str, typer.Option(help="The address of this host that the others reach it by.")]

cluster = typer.Typer(
    name="cluster", help="Start the parts of a cluster for --cluster; docs/cluster.md tells the whole story."
)


@cluster.command(context_settings=FREE)
def scheduler(
    context: typer.Context,
    host: Host = HOST,
    port: Annotated[int, typer.Option(help="Where workers and users connect to.")] = 8786,
) -> None:
    """Start a scheduler, which hands out the jobs; one a cluster.

    Other options go to `dask scheduler` as they are. The dashboard stays on loopback unless
    --dashboard-address says otherwise.

    \b
    Examples:
      evenhand cluster scheduler
      evenhand cluster scheduler --host 10.0.0.1 --protocol tls --tls-ca-file ca.pem
    """
    _start("scheduler", [*_at(context, host, "8787"), "--port", str(port)])


@cluster.command(context_settings=FREE)
def worker(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="SCHEDULER", help="As tcp://10.0.0.1:8786.")],
    host: Host = HOST,
) -> None:
    """Start a worker with a thread for each core; one a host.

    Other options go to `dask worker` as they are, as --nthreads 8. For the SimPy engine, which is
    plain Python, give --nworkers 8 --nthreads 1.

    \b
    Examples:
      evenhand cluster worker tcp://127.0.0.1:8786
      evenhand cluster worker tls://10.0.0.1:8786 --host 10.0.0.7 --tls-ca-file ca.pem
    """
    _start("worker", [address, *_at(context, host, "0")])


def _at(context: typer.Context, host: str, dashboard: str) -> list[str]:
    """Where it listens; Dask alone would open its dashboards to every network."""
    given = any(one.split("=")[0] == "--dashboard-address" for one in context.args)
    return ["--host", host, *([] if given else ["--dashboard-address", f"{HOST}:{dashboard}"]), *context.args]


def _start(what: str, arguments: list[str]) -> None:
    try:
        from distributed.cli import dask_scheduler, dask_worker
    except ImportError as error:
        raise UsageError(
            gettext("cluster: needs Dask: pip install dask distributed (extra 'cluster')")
        ) from error
    main = dask_scheduler.main if what == "scheduler" else dask_worker.main
    main(args=arguments, prog_name=f"evenhand cluster {what}")
