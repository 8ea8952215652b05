"""What commands print and write, and how far they have come."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tverretatlig_sim.i18n import Message, _, label, ngettext
from tverretatlig_sim.show import render
from tverretatlig_sim.show.files import sheet_files, write_results

if TYPE_CHECKING:
    from tverretatlig_sim.show.rows import Document, Part, Sheet
    from tverretatlig_sim.study.run import Progress

OUT, JSON, CSV = "out", "as_json", "csv"
"""Where a command keeps what becomes of its result: folder, whether as JSON, how tables are written."""
WIDE = 110
"""Width of tables that do not go to a terminal, in characters, unless the variable COLUMNS says another."""
RUNS = _("runs")
SILENT = 5000
"""Runs between two lines where nobody knows how many there will be."""


def told(key: str) -> Any:  # noqa: ANN401 - as it was given
    """What the command that runs was told of its result: ``OUT``, ``JSON`` or ``CSV``; None if nothing."""
    return click.get_current_context().meta.get(key)


def give(sheet: Sheet) -> None:
    """Write a result to a folder, if there is one, and print it: as one JSON document, or for readers."""
    if out := told(OUT):
        write_results(out, sheet_files(sheet, plain=told(CSV) == "plain"))
    if told(JSON):
        print_json(sheet.document)
    else:
        print_all(*sheet.parts, *written(out))


def print_json(document: Document | list[Document]) -> None:
    """Print one JSON document."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    click.echo(render.as_json(document, ascii_only=encoding != "utf8"))


def print_all(*parts: Part) -> None:
    """Print tables and paragraphs."""
    shown = sys.stdout.isatty()
    width = shutil.get_terminal_size((WIDE, 24)).columns if shown or os.environ.get("COLUMNS") else WIDE
    click.echo(render.terminal(*parts, width=width, bold=shown, encoding=sys.stdout.encoding or "ascii"))


def written(folder: Path | None) -> list[str]:
    """A line that says where the results are, if there are any."""
    return ["", label("note.written", folder=folder)] if folder else []


def warn(warning: Message | str) -> None:
    """Say on standard error what users should know."""
    print(str(_("Note: {note}", note=warning)), file=sys.stderr, flush=True)


@contextmanager
def progress(total: int | None = None, what: Message | str = RUNS) -> Iterator[Callable[..., None]]:
    """Show on standard error how much is finished: a line that is rewritten, in a file one for every tenth.

    Args:
        total: of all scenarios together; None if nobody knows yet.
        what: it is counted in.

    Yields:
        A function to call with the number finished since the last call, with the total where only the
        simulation knows it, and with what else is to be said.
    """
    done, wide, on_terminal = 0, 0, sys.stderr.isatty()

    def report(finished: int, of: int | None = total, more: str = "") -> None:
        nonlocal done, wide
        before, done = done, done + finished
        said = str(
            _("Simulated {done} {what}", done=done, what=what)
            if of is None
            else _("Simulated {done} of {total} {what}{more}", done=done, total=of, what=what, more=more)
        )
        if on_terminal:
            wide = max(wide, len(said))
            print(f"\r{said:{wide}}", end="", file=sys.stderr, flush=True)
        elif _step(before, of) < _step(done, of):
            print(said, file=sys.stderr, flush=True)

    try:
        yield report
    finally:
        if wide:
            print(f"\r{' ' * wide}\r", end="", file=sys.stderr, flush=True)


@contextmanager
def study_progress() -> Iterator[Callable[[Progress], None]]:
    """Show how far a study has come, how fast it goes, and how long it will take.

    Yields:
        A function to call with the progress whenever a task ends.
    """
    clock, before = time.perf_counter(), 0
    with progress() as count:

        def report(progress: Progress) -> None:
            nonlocal before
            done = progress.stored_runs + progress.done_runs
            count(done - before, progress.runs, _pace(progress, clock))
            before = done

        yield report


def _step(done: int, total: int | None) -> int:
    return done // SILENT if total is None else 10 * done // total


def _pace(progress: Progress, clock: float) -> str:
    """Rate, time left and failures; nothing before the first task has ended."""
    failed = ngettext(", {number} task failed", ", {number} tasks failed", progress.failed)
    said = str(failed) if progress.failed else ""
    if not progress.done_runs:
        return said
    rate = progress.done_runs / (time.perf_counter() - clock)
    left = round((progress.runs - progress.stored_runs - progress.done_runs) / rate)
    hours, minutes, seconds = left // 3600, left // 60 % 60, left % 60
    duration = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return str(_(", {rate:.0f} runs/s, {time} left", rate=rate, time=duration)) + said
