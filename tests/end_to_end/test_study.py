"""The commands ``study …``: a study is run, stopped, gone on with, shown and analysed."""

from __future__ import annotations

import os
import platform
import signal
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tverretatlig_sim.study.store import locked

from .conftest import Command
from .test_endings import started

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


def test_advice_names_the_store(command: Command, file: str) -> None:
    """In 0.1.0 without --store; so that a shell reads it, names with spaces stand in quotation marks."""
    there = ("--store", "my store")
    for words in ("show", "resume", "compact"):
        result = command("study", words, file, *there)
        assert "--store 'my store'”" in " ".join((result.out + result.err).split())
    assert "study show mine.toml --store 'my store'”" in command("study", "run", file, *there).words


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


def test_shards_are_merged_and_what_is_missing_is_run(command: Command, file: str, tmp_path: Path) -> None:
    nothing = command("study", "merge", file)
    assert (nothing.status, "there are no shards here" in nothing.err) == (2, True)
    assert "K/N" in command("study", "run", file, "--shard", "3/2").err
    for k in ("1", "3"):
        run = command("study", "run", file, "--shard", f"{k}/3")
        assert run.status == 0, run.err
        assert f"results/mine/shards/{k}-of-3" in run.out
    assert "“tverretatlig study merge mine.toml”" in run.words
    merged = command("study", "merge", file)
    assert "Together: 6 of 8 tasks, in results/mine." in merged.out, merged.err
    assert command("study", "run", file).status == 0
    assert command("study", "run", file, "--store", "whole").status == 0
    assert (
        command("study", "compact", file).status
        == command("study", "compact", file, "--store", "whole").status
    )
    table, whole = tmp_path / "results" / "mine" / "table.parquet", tmp_path / "whole" / "table.parquet"
    assert table.read_bytes() == whole.read_bytes()


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


def test_a_locked_store(command: Command, file: str, tmp_path: Path) -> None:
    assert command("study", "run", file, "--workers", "1").status == 0
    with locked(tmp_path / "results" / "mine"):
        result = command("study", "run", file)
        assert result.status == 2
        assert f"process {os.getpid()} on {platform.node()}, last seen 20" in result.err
        assert f"process {os.getpid()} on" in command("study", "status", file).out
        assert command("study", "show", file).status == 0
    assert command("study", "status", file, "--json").json["owner"] is None


ANALYSED = """
arrangements = ["pure-network", "0-24-2015"]
runs = 3
months = 8

[parameters]
look_pace = "evidence"
turnover = "evidence"

[design]
kind = "saltelli"
base = 32

[record]
outcomes = ["trust_mean", "implemented_rate"]
replicates = true
"""


@pytest.mark.slow
def test_a_finished_study_is_analysed(command: Command, file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(ANALYSED, encoding="utf-8")
    assert command("study", "run", file, "--workers", "1").status == 0
    ask = ("study", "analyse", file, "--outcome", "trust_mean")
    document = command(*ask, "--json", "--out", "out").json
    pair = {"pure-network", "0-24-2015", "pure-network − 0-24-2015"}
    assert {row["of"] for row in document["noise"]} == pair
    assert {row["noise"] for row in document["noise"]} == {"known"}
    assert {row["order"] for row in document["sobol"]} == {"first", "total"}
    assert len(document["discover"]) == 1
    table = pd.read_csv(tmp_path / "out" / "sobol.csv")
    assert table["index"].tolist() == pytest.approx([row["index"] for row in document["sobol"]])
    figures = {path.name for path in (tmp_path / "out").glob("sobol-*.png")}
    assert {"sobol-1-pure-network.png", "sobol-2-0-24-2015.png"} <= figures
    assert "Andel av variansen (Sobol)" in command(*ask, "--lang", "nb").out
    refused = command(*ask, "--morris")
    assert (refused.status, refused.out) == (2, "")
    assert "no whole Morris design" in refused.err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_it_can_be_stopped_and_says_how_to_go_on(command: Command, file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(FILE.replace("runs = 4", "runs = 8000"), encoding="utf-8")
    process = started(["study", "run", file, "--workers", "1"], tmp_path)
    parts = tmp_path / "results" / "mine" / "parts"
    while process.poll() is None and not (parts.is_dir() and any(parts.glob("*.parquet"))):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert not (tmp_path / "results" / "mine" / "lock").exists()
    document = command("study", "status", file, "--json").json
    assert 0 < document["stored"] < document["tasks"]
    assert err.splitlines()[-1].startswith("Stopped. Finished parts are in results/mine")


@pytest.mark.slow
def test_two_workers_of_a_process_of_its_own(process: Command, file: str) -> None:
    result = process("study", "run", file, "--workers", "2")
    assert result.status == 0, result.err
    assert result.out.startswith("Finished: 2 tasks, 32 runs.")
