"""The app as its users meet it: started by its command, and driven by a browser where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import pytest

import tverretatlig_sim
from tverretatlig_sim.app.library import Library

if TYPE_CHECKING:
    from playwright.sync_api import Browser

COMMAND = [sys.executable, "-W", "error", "-m", "tverretatlig_sim", "app"]
SOURCE = str(Path(tverretatlig_sim.__file__).parents[1])
REQUIRED = "TVERRETATLIG_BROWSER_REQUIRED"
"""Variable that turns the skipping of browser tests into a failure."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT = 60_000
"""Milliseconds: machines that build are slow, and nothing here is about speed."""


@pytest.fixture(scope="session")
def library() -> Library:
    return Library()


@dataclass(frozen=True)
class Running:
    """An app that is running."""

    address: str
    process: subprocess.Popen[str]


def started(*arguments: str, cwd: Path) -> Running:
    """Start the command on a free port and wait until it says where it is."""
    environment = {**os.environ, "PYTHONPATH": SOURCE, "PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(
        [*COMMAND, *arguments, "--port", "0", "--no-browser"],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    giving_up = Timer(60, process.kill)
    giving_up.start()
    line = process.stdout.readline()
    giving_up.cancel()
    assert "http://127.0.0.1:" in line, line + (process.stdout.read() or "")
    return Running(line.split()[-1], process)


def ended(app: Running) -> str:
    """Stop it; returns what it still had to say."""
    app.process.terminate()
    said, _ = app.process.communicate(timeout=30)
    return said


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = started(cwd=tmp_path_factory.mktemp("app"))
    yield running
    assert "Traceback" not in ended(running)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        why = f"no Chromium here; looked for {', '.join(CHROMIUM)} (Debian: apt-get install chromium)"
        if os.environ.get(REQUIRED):
            pytest.fail(why)
        pytest.skip(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()
