"""Print the lowest version that pyproject.toml declares of every direct dependency, as pins for pip.

`python .ci/lowest.py [EXTRA ...]`: those of the program, and of the extras that are named.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

DECLARED = re.compile(r"(?P<name>[\w.-]+)(\[(?P<extras>[\w,-]+)\])?(>=(?P<lowest>[\w.]+))?")


def pins(project: dict[str, object], declared: list[str]) -> Iterator[str]:
    """Pins of declared dependencies; those on an extra of this project are followed."""
    for line in declared:
        found = DECLARED.match(line)
        assert found, line
        if found["name"] == project["name"]:
            for extra in found["extras"].split(","):
                yield from pins(project, project["optional-dependencies"][extra])  # type: ignore[index]
        elif found["lowest"]:
            yield f"{found['name']}=={found['lowest']}"
        else:
            sys.exit(f"{line}: has no lower bound")


if __name__ == "__main__":
    its = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [f"{its['name']}[{extra}]" for extra in sys.argv[1:]]
    found = dict.fromkeys(pins(its, [*its["dependencies"], *wanted]))
    sys.stdout.writelines(f"{pin}\n" for pin in found)
