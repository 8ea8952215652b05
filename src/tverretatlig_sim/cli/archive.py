"""One file for a result: ``archive`` keeps all it came from, ``rerun`` makes it again and compares."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import Any

import click

from tverretatlig_sim.cli.base import VARIABLE, Failure, Refusal, argument, command
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import _, current_language
from tverretatlig_sim.scenario.files import SHIPPED_AT, shipped_folder
from tverretatlig_sim.show.files import write_folder
from tverretatlig_sim.version import __version__

MANIFEST = "manifest.json"
COMMANDS = ("run", "compare", "explain", "barriers", "patterns", "search")
"""Commands whose results can be kept: they write a folder with ``--out``."""
LIBRARIES = ("numpy", "scipy", "pandas", "matplotlib")
"""Libraries whose versions are told, as other versions may round otherwise."""
LARGEST = 500_000_000
"""Bytes that an archive may unpack to."""
THEN = (1980, 1, 1, 0, 0, 0)
"""Time of all files in an archive, so that the same result is the same archive."""


@command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@argument("file", type=click.Path(path_type=Path, dir_okay=False))
@argument("words", metavar="COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
def archive(file: Path, words: tuple[str, ...]) -> None:
    """Run a command and keep its results in FILE with all they came from.

    FILE (.zip) holds tables and figures, scenarios, levers, parameters and sets, the command, seed and
    versions. “tverretatlig rerun FILE” makes them again and says whether they are the same.

    For example: tverretatlig archive answer.zip compare 0-24-2018 dfo-simplified --runs 1000
    """
    if words[0] not in COMMANDS:
        raise Refusal(
            _("results of “{command}” cannot be archived; allowed: {allowed}", command=words[0],
              allowed=", ".join(COMMANDS))
        )  # fmt: skip
    if any(word == "--out" or word.startswith("--out=") for word in words):
        raise Refusal(_("--out does not go with archive: the results are kept in {file}", file=file))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        asked = [_brought(word, root) for word in words]
        for path in sorted(shipped_folder().rglob("*")):
            if path.suffix in {".toml", ".csv", ".json"} and path.is_file():
                _copied(path, root / "scenarios" / path.relative_to(shipped_folder()))
        _made(asked, root, current_language())
        about = {
            "command": asked,
            "language": current_language(),
            "made_with": _made_with(),
            "files": _hashes(root),
        }
        _copied(json.dumps(about, indent=1, ensure_ascii=False).encode(), root / MANIFEST)
        write_folder(file.absolute().parent, {file.name: partial(_packed, root)})
    click.echo(str(_("Archived in {file}; “tverretatlig rerun {file}” makes it again.", file=file)))


@command()
@argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def rerun(file: Path) -> None:
    """Make the results of an archive again and say whether they are the same, byte for byte.

    What was altered in the archive is named, and so are other versions of program and libraries.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "archived")
        about = _unpacked(file, root)
        altered = _differing(about["files"], _hashes(root))
        if altered:
            raise Failure(
                _("{file}: altered since it was archived: {names}", file=file, names=", ".join(altered))
            )
        for name, was in about["made_with"].items():
            if (now := _made_with().get(name)) != was:
                click.echo(
                    str(_("Note: {name} was {was} and is {now}.", name=name, was=was, now=now)), err=True
                )
        results = {name: its for name, its in about["files"].items() if name.startswith("results/")}
        for path in (root / "results").iterdir():
            path.unlink()
        _made(about["command"], root, about["language"], quiet=True)
        made = {name: its for name, its in _hashes(root).items() if name.startswith("results/")}
        if other := _differing(results, made):
            raise Failure(_("The results are not the same: {names}", names=", ".join(other)))
    click.echo(str(_("The same results: {number} files, byte for byte.", number=len(results))))


def _made(words: Sequence[str], root: Path, language: str, *, quiet: bool = False) -> None:
    """Run a command on the scenarios and files that lie in a folder; results go to ``results`` there."""
    line = [sys.executable, "-m", "tverretatlig_sim", *words, "--out", "results"]
    packages = os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))
    ours = {SHIPPED_AT: str(root / "scenarios"), VARIABLE: language, "PYTHONPATH": packages}
    done = subprocess.run(
        line, cwd=root, env={**os.environ, **ours}, stdout=subprocess.DEVNULL if quiet else None, check=False
    )
    if done.returncode:
        raise click.exceptions.Exit(done.returncode)


def _brought(word: str, root: Path) -> str:
    """A word of the command; a file that it names lies beside the results, whole if it is a scenario."""
    from tverretatlig_sim.scenario import load_scenario

    name, plus, pulled = word.partition("+")
    path = Path(name)
    if not path.is_file():
        return word
    number = sum(1 for _it in (root / "inputs").glob("*")) if (root / "inputs").is_dir() else 0
    kept = PurePosixPath("inputs", f"{number}-{path.name}")
    content = path.read_bytes()
    if path.suffix == ".toml":
        with suppress(TverretatligError):  # else it is parameters, or what is wrong with it the command says
            content = load_scenario(path).to_toml().encode()
    _copied(content, root / kept)
    return f"{kept}{plus}{pulled}"


def _made_with() -> dict[str, str]:
    """Versions of program, Python and libraries, and a hash of the program's code."""
    package = Path(__file__).resolve().parents[1]
    code = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        code.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    known = {
        "tverretatlig-sim": __version__,
        "code": code.hexdigest()[:16],
        "python": platform.python_version(),
    }
    for name in LIBRARIES:
        try:
            known[name] = version(name)
        except PackageNotFoundError:
            known[name] = "–"
    return known


def _copied(content: bytes | Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(content.read_bytes() if isinstance(content, Path) else content)


def _hashes(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def _differing(were: Mapping[str, str], are: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {**were, **are} if were.get(name) != are.get(name))


def _packed(root: Path, file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in (MANIFEST, *_hashes(root)):
            packed.writestr(zipfile.ZipInfo(name, THEN), (root / name).read_bytes(), zipfile.ZIP_DEFLATED)


def _unpacked(file: Path, root: Path) -> dict[str, Any]:
    """The manifest of an archive, whose files now lie in a folder."""
    try:
        with zipfile.ZipFile(file) as packed:
            for name in _safe(packed, file):
                _copied(packed.read(name), root / name)
            about: dict[str, Any] = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
            if about["command"][0] in COMMANDS and {"language", "made_with", "files"} <= {*about}:
                return about
    except (zipfile.BadZipFile, OSError, ValueError, LookupError, TypeError):
        pass
    raise Refusal(_("{file} is no archive that “tverretatlig archive” has made", file=file))


def _safe(packed: zipfile.ZipFile, file: Path) -> Iterator[str]:
    """Names in an archive, none of which leaves its folder."""
    if sum(it.file_size for it in packed.infolist()) > LARGEST:
        raise Refusal(_("{file} unpacks to more than {largest} bytes", file=file, largest=LARGEST))
    for it in packed.infolist():
        place = PurePosixPath(it.filename)
        if place.is_absolute() or ".." in place.parts or "\\" in it.filename or it.is_dir():
            raise ValueError(it.filename)
        yield it.filename
