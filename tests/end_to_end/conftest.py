"""Running the command in a folder of its own: in this process, or as a user does in another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import tverretatlig_sim
from tverretatlig_sim.cli import main

COMMAND = [sys.executable, "-m", "tverretatlig_sim"]
SOURCE = str(Path(tverretatlig_sim.__file__).parents[1])


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one strict JSON document."""

        def refuse(constant: str) -> None:
            raise AssertionError(f"{constant} is not JSON")

        return json.loads(self.out, parse_constant=refuse)

    @property
    def words(self) -> str:
        """Standard output without line breaks."""
        return " ".join(self.out.split())


def environment(**more: str) -> dict[str, str]:
    """The surroundings of the command, the package importable whether installed or not."""
    kept = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return {**kept, "PYTHONPATH": SOURCE, "PYTHONIOENCODING": "utf-8", **more}


Command = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in the test's own folder and in this process: another one takes seconds to start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TVERRETATLIG_LANG", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)  # a narrow terminal breaks lines within words sought

    def run(*arguments: str, **more: str) -> Result:
        with monkeypatch.context() as surroundings:
            for name, value in more.items():
                surroundings.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main(arguments)
        assert isinstance(ended.value.code, int)
        return Result(ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def refuses(command: Command, tmp_path: Path) -> Callable[..., None]:
    """Assert that a command refuses with a message that says this, prints nothing and writes nothing."""

    def check(said: str, *arguments: str) -> None:
        before = sorted(tmp_path.rglob("*"))
        result = command(*arguments)
        assert (result.status, result.out) == (2, ""), result.err
        assert said in result.err
        assert "Traceback" not in result.err
        assert len(result.err) < 2000
        assert sorted(tmp_path.rglob("*")) == before

    return check


@pytest.fixture
def process(tmp_path: Path) -> Command:
    """The same in a process of its own."""

    def run(*arguments: str, **more: str) -> Result:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env=environment(**more),
            capture_output=True,
            check=False,
            timeout=120,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
