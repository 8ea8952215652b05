"""The app as its users meet it: started by its command, and driven by a browser where there is one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import pytest
import uvicorn
from starlette.types import ASGIApp

import tverretatlig_sim
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.server import server_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Libraries of different age deprecate each other's names.
STRICT = ("-W", "error", "-W", "ignore::DeprecationWarning")
COMMAND = [sys.executable, *STRICT, "-m", "tverretatlig_sim", "app", "--no-browser"]
SOURCE = str(Path(tverretatlig_sim.__file__).parents[1])
ENVIRONMENT = {**os.environ, "PYTHONPATH": SOURCE, "PYTHONIOENCODING": "utf-8"}
REQUIRED = "TVERRETATLIG_BROWSER_REQUIRED"
"""Variable that turns the skipping of browser tests into a failure."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-sync"
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
    command, pipe = [*COMMAND, "--port", "0", *arguments], subprocess.PIPE
    process = subprocess.Popen(
        command, cwd=cwd, env=ENVIRONMENT, stdout=pipe, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    timeout = Timer(60, process.kill)
    timeout.start()
    line = process.stdout.readline()
    timeout.cancel()
    assert "http://127.0.0.1:" in line, line + (process.stdout.read() or "")
    return Running(line.split()[-1], process)


def ended(app: Running) -> str:
    """Stop it; returns what it still printed."""
    app.process.terminate()
    # Not communicate: with a timeout it reads past what readline has read ahead.
    timeout = Timer(60, app.process.kill)
    timeout.start()
    with app.process:
        said = app.process.stdout.read() if app.process.stdout else ""
    timeout.cancel()
    return said


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = started(cwd=tmp_path_factory.mktemp("app"))
    yield running
    assert "Traceback" not in ended(running)


# Not for the whole session: while Playwright is open, no other test of the process can run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        why = f"no Chromium here; looked for {', '.join(CHROMIUM)} (Debian: apt-get install chromium)"
        if os.environ.get(REQUIRED):
            pytest.fail(why)
        pytest.skip(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        args = [f"--{flag}" for flag in FLAGS.split()]
        launched = playwright.chromium.launch(executable_path=path, args=args)
        yield launched
        launched.close()


@contextmanager
def served(app: ASGIApp, port: int = 0) -> Iterator[tuple[str, uvicorn.Server]]:
    """An app in a thread of this process, and its address."""
    server, listening = server_of(app, "127.0.0.1"), socket.create_server(("127.0.0.1", port))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/", server
    server.should_exit = True
    thread.join(30)
