"""The first page that a newcomer reads must run as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.markets import tenth

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
CI = Path(__file__).parents[2] / ".ci" / "run"


@pytest.mark.process
def test_the_python_of_the_readme_runs_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """One block after the other, in one session, as somebody would type them, in a tenth of the market."""
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 2
    whole = 'market = scenarios.load("tmall")\n'
    assert blocks[0].count(whole) == 1
    blocks[0] = blocks[0].replace(whole, 'market = tenth(scenarios.load("tmall"))\n')
    session: dict[str, object] = {"tenth": tenth}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), session)
    told = capsys.readouterr().out
    assert "Estimate(" in told
    assert "Valid claims refused: " in told


def test_the_policy_of_the_readme_is_accepted(tmp_path: Path) -> None:
    """The first file that a policy designer writes is this one."""
    from evenhand.scenarios import read

    (block,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "strict.yaml"
    file.write_text(block, encoding="utf-8")
    assert read(file).kind == "policy"


def test_the_build_runs_the_test_command_of_the_readme() -> None:
    """What the page promises is what the build proves."""
    (command,) = [line for line in README.splitlines() if line.endswith("-m pytest")]
    assert command in CI.read_text(encoding="utf-8").splitlines()
