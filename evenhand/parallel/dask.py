"""A cluster: the same work through a Dask scheduler, on as many hosts as have joined it.

Only whole items travel: a function and what it needs there, a result back. A worker that dies is no
loss; the scheduler has its items done again elsewhere. Nothing here listens on a port.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import islice
from time import sleep
from types import ModuleType
from typing import Any, NamedTuple

from evenhand.errors import UsageError
from evenhand.locale.current import gettext, gettext_noop
from evenhand.parallel.protocol import PULSE, Do, Item, Pulse, Result, Tick
from evenhand.sim.jit.cache import source_hash

Client = Any
"""Of `distributed`, which is typed in parts only, and is loaded when it is used."""
PATIENCE = 30.0
"""Seconds for a scheduler to answer, and for its first worker to come."""
AHEAD = 3
"""Items that wait for each thread of the cluster, so that none is idle and few results lie about."""
LOOK = 32
"""After so many items, see whether workers have joined."""


class Done(NamedTuple):
    """What a worker sends back."""

    result: Any
    steps: int


def on_cluster(
    do: Do[Item, Result], items: Iterable[Item], address: str, tick: Tick, pulse: Pulse | None = None
) -> Generator[tuple[Item, Result]]:
    """Do all items on a cluster and give each with its result as soon as it is there.

    Raises what they raise, what `pulse` does, UsageError where there is no such cluster or it has another
    version of Evenhand, and OSError where the cluster is lost on the way.
    """
    with _connected(address) as client:
        source, going = iter(items), _Going(client, do)
        try:
            going.send(source, AHEAD * _threads(client))
            for number, (item, done) in enumerate(going.arrive(pulse), 1):
                for _ in range(done.steps):
                    tick()
                room = AHEAD * _threads(client) - len(going.items) if number % LOOK == 0 else 1
                going.send(source, room)
                yield item, done.result
        finally:
            client.cancel(going.futures)


class _Going:
    """Items that a cluster is doing."""

    def __init__(self, client: Client, do: Do[Any, Any]) -> None:
        import distributed

        self._client, self._do, self._sources = client, do, source_hash()
        self._arriving = _loose(distributed).as_completed(loop=client.loop)
        self.items: dict[Any, Any] = {}
        """By the keys of their futures."""

    @property
    def futures(self) -> list[Any]:
        """The promises of all that has not arrived."""
        return [future for future, _ in self.items.values()]

    def send(self, source: Iterator[Any], most: int) -> None:
        """Send the next items, as many as there is room for."""
        for item in islice(source, max(most, 0)):
            future = self._client.submit(_work, self._do, item, self._sources, pure=False)
            self.items[future.key] = future, item
            self._arriving.add(future)

    def arrive(self, pulse: Pulse | None = None) -> Iterator[tuple[Any, Done]]:
        """Every item with what became of it; more may be sent meanwhile."""
        while self.items:
            while pulse is not None and not self._arriving.has_ready():
                pulse()
                sleep(PULSE)
            future = next(self._arriving)
            done: Done = future.result()
            _, item = self.items.pop(future.key)
            future.release()
            yield item, done


def _sources_there() -> str:
    return source_hash()


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


def _work(do: Do[Any, Any], item: Any, sources: str) -> Done:
    """What a worker does with an item."""
    if source_hash() != sources:
        raise UsageError(gettext(_ANOTHER).format(where=gettext("a worker")))
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    return Done(do(item, step), steps)


_ANOTHER = gettext_noop(
    "--cluster: {where} has another version of evenhand than this computer; install the same"
)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        import distributed
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise UsageError(
            gettext("--cluster: needs Dask: pip install dask distributed (extra 'cluster')")
        ) from error
    try:
        client = _loose(distributed).Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            gettext("--cluster: no scheduler answers at '{address}': {error}").format(
                address=address, error=error
            )
        ) from error
    with client:
        _check(client, address)
        try:
            yield client
        except KilledWorker as error:
            why = gettext("one job has ended several workers; is their memory short?")
            raise OSError(f"--cluster: {why} ({error})") from error
        except CancelledError as error:
            raise OSError(
                gettext("--cluster: the scheduler at '{address}' is gone").format(address=address)
            ) from error


def _check(client: Client, address: str) -> None:
    """There must be workers, with the same Evenhand, or other numbers would come back."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise UsageError(
            gettext("--cluster: the scheduler at '{address}' has no workers").format(address=address)
        ) from error
    try:
        found: dict[str, str] = client.run(_sources_there)
    except ImportError as error:
        raise UsageError(gettext("--cluster: evenhand is not installed where the workers run")) from error
    for worker, sources in found.items():
        if sources != source_hash():
            raise UsageError(
                gettext(_ANOTHER).format(where=gettext("the worker at {worker}").format(worker=worker))
            )


def _loose(module: ModuleType) -> Any:
    """A module whose functions have no types."""
    return module
