"""Writing a folder of results: either every file is there and whole, or none is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import _, joined, reason_of

Writer = Callable[[Path], object]
"""Writes one file at the path it is given."""


class OutputError(TverretatligError):
    """Results cannot be written where they were asked for; says why."""


def check_folder(folder: Path, names: Iterable[str] = ()) -> None:
    """Refuse a folder that cannot take results, before any time is spent on them.

    Args:
        folder: need not exist.
        names: of the files to be written.

    Raises:
        OutputError: something else is in the way, or the folder cannot be written to.
    """
    with _explained(folder):
        with suppress(FileNotFoundError, NotADirectoryError):
            folder.lstat()  # a name that is too long is found out here
        nearest = next(
            path for path in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(path)
        )
        if not nearest.is_dir():
            raise OutputError(joined(": ", (str(folder), _("{path} is not a folder", path=nearest))))
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise OutputError(
                joined(": ", (str(folder), _("no permission to write in {path}", path=nearest)))
            )
        for path in (folder / name for name in names):
            if path.is_dir():
                raise OutputError(_("{path} is a folder; a file of results would have that name", path=path))


def write_folder(folder: Path, files: Mapping[str, Writer]) -> None:
    """Write files into a folder, all or none; other files in it are left alone.

    Args:
        folder: is made if it does not exist.
        files: how to write each, by file name.

    Raises:
        OutputError: it cannot be written; what was begun is taken away again.
    """
    check_folder(folder, files)
    with _explained(folder), _workshop(folder) as workshop:
        results = workshop / "results"
        results.mkdir()
        for name, write in files.items():
            write(results / name)
        _put_in_place(results, folder)


def _put_in_place(results: Path, folder: Path) -> None:
    if not folder.exists():
        results.rename(folder)
        return
    for path in sorted(results.iterdir()):
        path.replace(folder / path.name)


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
