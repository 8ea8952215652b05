"""The commands ``study …``."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tverretatlig_sim.study.store import locked

from .conftest import AS_IN_A_SHELL, COMMAND, Command, environment

FILE = """\
title = "Does the line matter?"
arrangements = ["pure-network", "0-24-2015"]
runs = 4
months = 10
[parameters]
line_drop = [0.0, 0.1]
turnover = { low = 0.0, high = 0.1 }
[design]
kind = "grid"
levels = 2
[record]
outcomes = ["drafted", "trust_mean"]
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A study that takes a moment."""
    (tmp_path / "mine.toml").write_text(FILE, encoding="utf-8")
    return "mine.toml"


def test_a_study_from_file_to_table(command: Command, file: str, tmp_path: Path) -> None:
    before = command("study", "show", file)
    assert before.status == 0, before.err
    assert "4 points × 2 arrangements × 4 runs = 32 runs of 10 months" in before.out
    assert "No results yet in results/mine" in before.out

    run = command("study", "run", file, "--workers", "1")
    assert run.status == 0, run.err
    assert "32 of 32 runs" in run.err
    assert "left" in run.err
    assert "Finished: 2 tasks, 32 runs. Results are in results/mine." in run.out

    again = command("study", "run", file, "--workers", "1")
    assert again.status == 0
    document = command("study", "status", file, "--check", "--json").json
    assert (document["tasks"], document["stored"], document["left"], document["failed"]) == (2, 2, 0, 0)
    assert len(document["sessions"]) == 1

    shown = command("study", "show", file, "--lang", "nb")
    assert "A = pure-network" in shown.out
    assert "Utarbeidede anbefalinger" in shown.out

    compacted = command("study", "compact", file, "--csv")
    assert compacted.status == 0, compacted.err
    table = pd.read_parquet(tmp_path / "results" / "mine" / "table.parquet")
    rows = command("study", "show", file, "--json").json["results"]["table"]
    assert [row["trust_mean"] for row in rows] == table["trust_mean"].tolist()
    assert len(pd.read_csv(tmp_path / "results" / "mine" / "table.csv")) == 8


def test_resume_needs_something_to_go_on_with(command: Command, file: str) -> None:
    result = command("study", "resume", file)
    assert result.status == 2
    assert "there is no store here" in result.err


def test_resume_completes_what_is_missing_or_damaged(command: Command, file: str, tmp_path: Path) -> None:
    run = command("study", "run", file, "--store", "s", "--workers", "1")
    assert "tverretatlig study show mine.toml --store s" in run.out
    first, second = sorted((tmp_path / "s" / "parts").iterdir())
    whole = first.read_bytes(), second.read_bytes()
    first.unlink()
    second.write_bytes(whole[1][:-9])
    status = command("study", "status", file, "--store", "s", "--check")
    assert "2: 1 damaged, 1 left" in status.out
    assert "0 / " in status.out  # runs of a damaged part are not there
    refused = command("study", "compact", file, "--store", "s")
    assert (refused.status, "1 of 2 tasks are not done" in refused.err) == (2, True)
    resumed = command("study", "resume", file, "--store", "s")
    assert resumed.status == 0, resumed.err
    assert f"Note: s/parts/{second.name}: cannot be read: " in resumed.err
    assert (first.read_bytes(), second.read_bytes()) == whole


def test_a_store_of_another_study_is_refused(command: Command, file: str, tmp_path: Path) -> None:
    assert command("study", "run", file, "--workers", "1").status == 0
    (tmp_path / file).write_text(FILE.replace("runs = 4", "runs = 5"), encoding="utf-8")
    for action in ("run", "resume", "status", "show", "compact"):
        result = command("study", action, file)
        assert result.status == 2
        assert result.err.startswith("Error: results/mine: holds results of an older state (different: runs)")
        assert "--store" in result.err


def test_faults_of_a_file(command: Command, file: str, tmp_path: Path) -> None:
    text = FILE.replace("line_drop", "line_dorp").replace("kind", "knid")
    (tmp_path / file).write_text(text, encoding="utf-8")
    result = command("study", "run", file)
    assert result.status == 2
    assert 'mine.toml: design, knid: unknown key; allowed: "base", ' in result.err
    assert 'mine.toml: parameters, line_dorp: unknown parameter; allowed: "' in result.err
    assert 'did you mean "line_drop"?' in result.err
    assert not (tmp_path / "results").exists()
    assert "no such file" in command("study", "show", "nothing.toml").err


def test_a_locked_store(command: Command, file: str, tmp_path: Path) -> None:
    assert command("study", "run", file, "--workers", "1").status == 0
    with locked(tmp_path / "results" / "mine"):
        result = command("study", "run", file)
        assert result.status == 2
        assert f"process {os.getpid()} on {platform.node()}, last seen 20" in result.err
        assert f"process {os.getpid()} on" in command("study", "status", file).out
        assert command("study", "show", file).status == 0
    assert command("study", "status", file, "--json").json["owner"] is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_can_be_stopped(number: int, status: int, command: Command, file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(FILE.replace("runs = 4", "runs = 8000"), encoding="utf-8")
    process = subprocess.Popen(
        [*AS_IN_A_SHELL, *COMMAND, "study", "run", file, "--workers", "1"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    parts = tmp_path / "results" / "mine" / "parts"
    while process.poll() is None and not (parts.is_dir() and any(parts.glob("*.parquet"))):
        time.sleep(0.02)
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    assert "Traceback" not in err
    assert not (tmp_path / "results" / "mine" / "lock").exists()
    document = command("study", "status", file, "--json").json
    assert 0 < document["stored"] < document["tasks"]
    if number == signal.SIGINT:
        assert err.splitlines()[-1].startswith("Stopped. Finished parts are in results/mine")


def test_as_a_user_does(process: Command, file: str) -> None:
    result = process("study", "run", file, "--workers", "2")
    assert result.status == 0, result.err
    assert result.out.startswith("Finished: 2 tasks, 32 runs.")


def test_help_names_all_actions(command: Command) -> None:
    result = command("study", "--help")
    assert result.status == 0
    assert all(word in result.out for word in ("run", "status", "resume", "compact", "show"))
