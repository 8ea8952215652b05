"""Folders of results: either every file is there and whole, or none is."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import _, joined, reason_of
from tverretatlig_sim.scenario.files import list_scenarios
from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.show.render import as_json
from tverretatlig_sim.show.rows import Frame, Sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Writer = Callable[[Path], object]
"""Writes one file at the path it is given."""

LONGEST = 100
"""Longest name of a folder or file made from names of scenarios, in bytes."""
CONTENTS = "contents.txt"
"""Says which files of a folder are results: they go when others come. It comes last, so they are whole."""
KINDS = ("png", "svg")
"""Files of each figure."""


class OutputError(TverretatligError):
    """Results cannot be written where they were asked for; says why."""


def file_name(*names: str, longest: int = LONGEST) -> str:
    """A name for a file or folder: letters, digits and hyphens of the given names."""
    said = re.sub(r"[^\w.+=]+", "-", "-".join(names)).encode()[:longest].decode(errors="ignore")
    return said.strip("-.") or "results"


def own_name(kind: str, names: Iterable[str], chosen: Iterable[str]) -> str:
    """A name for results that no others have: with a mark, unless the scenarios are shipped ones.

    Args:
        kind: of results.
        names: of the scenarios, also as they were given.
        chosen: what was chosen otherwise than is usual.
    """
    words = [*dict.fromkeys(names), *chosen]
    said = file_name(kind, *words)
    if {*words} <= {*list_scenarios(), *chosen} and said == "-".join([kind, *words]):
        return said
    mark = hashlib.sha256("\0".join([kind, *words]).encode()).hexdigest()[:8]
    return f"{file_name(kind, *words, longest=LONGEST - 9)}-{mark}"


def drawing(name: str, *results: object, **options: object) -> Callable[[], Figure]:
    """What draws results, by the name of a function of ``show.plots``; matplotlib is slow to import."""

    def draw() -> Figure:
        figure: Figure = getattr(import_module("tverretatlig_sim.show.plots"), name)(*results, **options)
        return figure

    return draw


def text_file(text: str) -> Writer:
    """Writes a text."""
    return lambda path: path.write_text(text, encoding="utf-8")


def binary(data: bytes) -> Writer:
    """Writes bytes."""
    return lambda path: path.write_bytes(data)


def sheet_files(sheet: Sheet, *, plain: bool = False) -> dict[str, Writer]:
    """The document, tables and figures of a sheet, by file name; figures are drawn when they are written.

    Args:
        sheet: the result.
        plain: whether tables are written for machines, whatever the language.
    """
    files: dict[str, Writer] = {
        name: partial(_write_frame, frame, plain) for name, frame in sheet.frames.items()
    }
    if sheet.name:
        files[sheet.name] = text_file(as_json(sheet.document) + "\n")
    for stem, draw in sheet.figures.items():
        drawn = cache(draw)
        files |= {f"{stem}.{kind}": partial(_write_figure, drawn) for kind in KINDS}
    return files


def _write_frame(frame: Frame, plain: bool, path: Path) -> None:
    write_csv(frame() if callable(frame) else frame, path, plain=plain)


def _write_figure(draw: Callable[[], Figure], path: Path) -> None:
    from tverretatlig_sim.show.plots import save_figure  # matplotlib is slow to import

    save_figure(draw(), path)


def check_folder(folder: Path | None, names: Iterable[str] = ()) -> None:
    """Refuse a folder that cannot take results, before any time is spent on them.

    Args:
        folder: need not exist; None if there are to be no files.
        names: of the files to be written.

    Raises:
        OutputError: something else is in the way, or the folder cannot be written to.
    """
    if folder is None:
        return
    with _explained(folder):
        with suppress(FileNotFoundError, NotADirectoryError):
            folder.lstat()  # a name that is too long is found out here
        nearest = next(p for p in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(p))
        if not nearest.is_dir():
            raise OutputError(joined(": ", (str(folder), _("{path} is not a folder", path=nearest))))
        if not os.access(nearest, os.W_OK | os.X_OK):
            what = _("no permission to write in {path}", path=nearest)
            raise OutputError(joined(": ", (str(folder), what)))
        for path in (folder / name for name in names):
            if path.is_dir():
                raise OutputError(_("{path} is a folder; a file of results would have that name", path=path))


def write_results(folder: Path, files: Mapping[str, Writer]) -> None:
    """As ``write_folder``; results that were written there before, of whatever kind, go."""
    try:
        before = (folder / CONTENTS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        before = []
    ours = [name for name in before if Path(name).name == name and (folder / name).is_file()]
    write_folder(folder, {**files, CONTENTS: text_file("\n".join([*files, ""]))}, ours)


def write_folder(folder: Path, files: Mapping[str, Writer], before: Iterable[str] = ()) -> None:
    """Write files into a folder, all or none; other files in it are left alone.

    Args:
        folder: is made if it does not exist.
        files: how to write each, by file name.
        before: names of files that go when these come.

    Raises:
        OutputError: it cannot be written; everything is as it was before.
    """
    check_folder(folder, files)
    with _explained(folder), _workshop(folder) as workshop:
        results = workshop / "results"
        results.mkdir()
        for name, write in files.items():
            write(results / name)
        if folder.exists():
            # All old files go before the first new one comes, so that at no moment they lie side by side.
            (aside := workshop / "before").mkdir()
            old = [name for name in dict.fromkeys([*reversed([*files]), *before]) if (folder / name).exists()]
            _move([*((folder / n, aside / n) for n in old), *((results / n, folder / n) for n in files)])
        else:
            results.rename(folder)


def _move(moves: Iterable[tuple[Path, Path]]) -> None:
    """Move files; if one cannot be moved, as it is held open by another program, all are moved back."""
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            source.replace(target)
            done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.replace(source)
        raise


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A temporary folder on the same disk; it goes again, and so do parents made for it that stay empty."""
    missing = [path for path in folder.absolute().parents if not path.exists()]
    try:
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
        beside = folder if folder.exists() else folder.absolute().parent
        workshop = Path(tempfile.mkdtemp(prefix=".tverretatlig-", dir=beside))
        try:
            yield workshop
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
    finally:
        for path in missing:
            with suppress(OSError):  # holds the results
                path.rmdir()


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(joined(": ", (str(folder), reason_of(error)))) from error
