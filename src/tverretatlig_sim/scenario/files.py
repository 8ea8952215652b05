"""TOML files: read without surprises, written, and found by name in the scenario folders."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tverretatlig_sim.i18n import Message, _, reason_of
from tverretatlig_sim.scenario.errors import (
    EMPTY_NAME,
    Origin,
    Problem,
    ScenarioError,
    among,
    did_you_mean,
    printable,
    quoted,
)

LARGEST = 1_000_000
"""Largest file that is read, in bytes."""
DEEPEST = 20
"""Deepest nesting of tables and lists that is read."""
LONG_KEY = re.compile(rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{DEEPEST}}}""")
"""A dotted key too long to be read: the parser's time grows with the square of the number of its parts."""

TOO_DEEP = _("tables or lists are nested too deeply")
LEVELS = _("at most {levels} levels", levels=DEEPEST)

TWICE = ("Cannot declare", "Cannot overwrite", "Duplicate")
"""How the parser speaks of what is there a second time."""
CURES = {
    "(?P<mark>[“”„«»‘’´])": _('write straight quotation marks ("), not {mark}'),
    r"[-+]?(?P<whole>\d+),(?P<rest>\d+)": _("write numbers with a decimal point: {whole}.{rest}"),
    r"(?P<month>\d{4}-\d{2})\b": _('write months in quotation marks: "{month}"'),
    r"""(?P<word>[^\W\d][^\s"',]*)\s*$""": _('write text in quotation marks: "{word}"'),
}
"""What a faulty value looks like behind its equals sign, and advice on it."""
BARE = re.compile(r"[A-Za-z0-9_-]+")
"""Keys that need no quotation marks."""

Value = Any
"""Anything a TOML file can hold."""
Raw = dict[str, Value]
"""A table of a TOML file."""
PARTS = {"arrangement": "arrangements", "portfolio": "portfolios", "letters": "letters"}
"""Folder of each kind of part."""
KINDS = {"arrangement": _("arrangement"), "portfolio": _("portfolio"), "letters": _("letters")}
"""What messages call them."""


SHIPPED_AT = "TVERRETATLIG_SCENARIOS"
"""Variable that names a folder to take shipped scenarios, levers and sets from instead: an archived one."""


def _shipped_folder() -> Path:
    if archived := os.environ.get(SHIPPED_AT):
        return Path(archived)
    here = Path(__file__)
    in_package = here.parents[1] / "scenarios"
    return in_package if in_package.is_dir() else here.parents[3] / "scenarios"


SHIPPED = _shipped_folder()
"""Folder with the scenarios that come with the package: inside a wheel, or at the top of the repository."""


def shipped_folder() -> Path:
    """Folder with the scenarios that come with the package."""
    return SHIPPED


def shown(path: Path) -> str:
    """A path as messages show it: on one line, relative to the working folder if it lies there."""
    absolute = path.absolute()
    here = Path.cwd()
    return printable(str(absolute.relative_to(here) if absolute.is_relative_to(here) else path))


def toml_names(folder: Path) -> list[str]:
    """Names (without suffix) of the TOML files of a folder, sorted; none if there is no such folder."""
    return sorted(path.stem for path in folder.glob("*.toml")) if folder.is_dir() else []


def list_scenarios() -> list[str]:
    """Names of the scenarios that come with the package, sorted."""
    return [name for name in toml_names(shipped_folder()) if name != "parameters"]


def read_table(path: Path) -> Raw:
    """The content of a TOML file.

    Raises:
        ScenarioError: the file cannot be read, is too large, is not UTF-8 or is not TOML.
    """
    try:
        return table_of(_content(path), path)
    except UnicodeDecodeError as error:
        what = _("is not UTF-8 text (byte {number})", number=error.start + 1)
        raise _failure(path, what, hint=_("save the file with the encoding UTF-8")) from None
    except OSError as error:
        raise _failure(path, _("cannot be read: {reason}", reason=reason_of(error))) from None


def table_of(text: str, path: Path) -> Raw:
    """The content of a TOML file, from its text.

    Args:
        text: what stands in it.
        path: how messages call it.

    Raises:
        ScenarioError: it is not TOML.
    """
    try:
        if LONG_KEY.search(text):
            raise RecursionError
        table = tomllib.loads(text)
    except RecursionError:
        raise _failure(path, TOO_DEEP, LEVELS) from None
    except ValueError as error:
        raise ScenarioError([_syntax_problem(path, text, error)]) from None
    if _too_deep(table):
        raise _failure(path, TOO_DEEP, LEVELS)
    return table


def _failure(
    path: Path, what: Message | str, allowed: Message | str = "", hint: Message | str = ""
) -> ScenarioError:
    return ScenarioError([Problem(shown(path), "", what, allowed, hint, "unreadable")])


def _content(path: Path) -> str:
    if path.is_dir():
        inside = path / f"{path.name}.toml"
        hint = _("did you mean {word}?", word=quoted(shown(inside))) if inside.is_file() else ""
        raise _failure(path, _("is a folder, not a file"), "", hint)
    if not path.exists():
        hint = did_you_mean(path.stem, toml_names(path.parent))
        raise _failure(path, _("there is no such file"), "", hint)
    if not path.is_file():
        raise _failure(path, _("is not an ordinary file"))
    size = path.stat().st_size
    if size > LARGEST:
        what = _("is too large ({size:.1f} MB)", size=size / 1e6)
        raise _failure(path, what, _("at most 1 MB"))
    return path.read_bytes().decode("utf-8-sig")


def _too_deep(value: Value, left: int = DEEPEST) -> bool:
    """Whether tables and lists are nested deeper than is read."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left < 0 or any(_too_deep(item, left - 1) for item in inner if isinstance(item, dict | list))


def _syntax_problem(path: Path, text: str, error: ValueError) -> Problem:
    message = str(error)
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if found is None:
        return Problem(shown(path), "", _("holds a whole number with too many digits"), code="syntax")
    place = _("end of the file")
    line = ""
    if found[1]:
        place = _("line {line}, column {column}", line=found[1], column=found[2])
        line = text.split("\n")[int(found[1]) - 1]
    what = _("is not valid TOML (“{said}”)", said=message[: found.start()])
    twice = _("a key or table may stand in a file only once") if message.startswith(TWICE) else ""
    return Problem(shown(path), place, what, "", twice or _cure(line), "syntax")


def _cure(line: str) -> Message | str:
    """Advice on what a faulty line looks like; empty if there is none."""
    if "\u00a0" in line:
        return _("a space of this line is a special one: delete it and type it again")
    for pattern, advice in CURES.items():
        if found := re.search(rf"=\s*{pattern}", line):
            return Message(advice.template, found.groupdict())
    return ""


@dataclass(frozen=True)
class Folders:
    """The folders in which parts are looked up by name, the first that has a part wins."""

    paths: tuple[Path, ...]

    def find(self, kind: str, name: str, asked: Origin, place: str) -> Path:
        """The file of a part.

        Args:
            kind: ``arrangement``, ``portfolio`` or ``letters``.
            name: the part's name, as the asking file gives it.
            asked: the file that asks.
            place: where it asks.

        Raises:
            ScenarioError: there is no such part, or the name leads out of the scenario folders.
        """
        if not name:
            raise asked.refusal(place, *EMPTY_NAME, "", "empty_name")
        if not is_plain_name(name):
            what = _("{name} is not a name", name=quoted(name))
            raise asked.refusal(place, what, _("a name, not a path"), "", "no_name")
        for folder in self.paths:
            path = folder / PARTS[kind] / f"{name}.toml"
            if _exists(path):
                guard(path, folder)
                return path
        what = _("there is no {kind} {name}", kind=KINDS[kind], name=quoted(name))
        raise asked.refusal(place, what, *among(name, self.names(kind)), "unknown_part")

    def names(self, kind: str) -> set[str]:
        """Names of all parts of a kind."""
        return {name for folder in self.paths for name in toml_names(folder / PARTS[kind])}


def guard(path: Path, folder: Path) -> None:
    """Refuse a file that only seems to lie in a folder.

    Raises:
        ScenarioError: the file is a link to somewhere else.
    """
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        inside = False  # links that go round in a circle
    if not inside:
        what = _("is a link that leads out of the scenario folder")
        raise _failure(path, what, _("files inside the folder"))


def is_plain_name(name: str) -> bool:
    """Whether a name can be a file's name without leading anywhere else."""
    return name.isprintable() and not name.startswith(".") and not set(name) & set('/\\:*?"<>|')


def _exists(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except OSError:
        return False


def split_name(name: str, folder: Path) -> tuple[str, tuple[str, ...]]:
    """A scenario and its levers; a plus sign may also stand in the path of a file.

    Args:
        name: e.g. ``0-24-2018+line-calibration``.
        folder: to which paths are relative.
    """
    pieces, known = name.split("+"), list_scenarios()
    bases = ["+".join(pieces[:end]) for end in range(1, len(pieces) + 1)]
    found = [base for base in bases if base in known or (base and _exists(folder / base))]
    base = found[-1] if found else pieces[0]
    return base, tuple(pieces[base.count("+") + 1 :])


def place_of(name: str, folder: Path) -> str | Path:
    """The name of a shipped scenario, or the path of a file that need not look like one.

    Args:
        name: of a scenario, without levers.
        folder: to which paths are relative.
    """
    if name in list_scenarios():
        return name
    return folder / name if is_path(name) or (name and _exists(folder / name)) else name


def is_path(name: str) -> bool:
    """Whether a name can only be that of a file."""
    return name.endswith(".toml") or bool(set(name) & {"/", "\\"})


def toml_text(table: Raw) -> str:
    """The text of a TOML file that holds a table.

    Args:
        table: of text, numbers, truth values, lists and tables; lists of tables become ``[[…]]``.
    """
    return "\n".join(_lines(table, "")).lstrip("\n") + "\n"


def toml_line(key: str, value: Value) -> str:
    """One key with its value, tables on the same line."""
    return f"{_key(key)} = {toml_value(value)}"


def _lines(table: Raw, within: str) -> Iterator[str]:
    """Lines of one table: its plain keys first, since whatever follows a heading belongs to that."""
    sections = [key for key, value in table.items() if _is_section(value)]
    yield from (toml_line(key, value) for key, value in table.items() if key not in sections)
    for key in sections:
        heading, value = f"{within}{_key(key)}", table[key]
        for entry in value if isinstance(value, list) else [value]:
            yield f"\n[[{heading}]]" if isinstance(value, list) else f"\n[{heading}]"
            yield from _lines(entry, f"{heading}.")


def _is_section(value: Value) -> bool:
    """Whether a value stands under a heading of its own: lists of tables, and tables of more than numbers."""
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], dict)
    inside = value.values() if isinstance(value, dict) and "value" not in value else ()
    return any(isinstance(inner, dict | list) for inner in inside)


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else toml_value(key)


def toml_value(value: Value) -> str:
    """What stands behind an equals sign: as JSON writes it, but for tables and the delete character."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {toml_value(inner)}' for key, inner in value.items())} }}"
    return json.dumps(value, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")
