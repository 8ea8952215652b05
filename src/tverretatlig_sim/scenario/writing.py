"""A table as the text of a TOML file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tverretatlig_sim.scenario.files import Raw, Value

BARE = re.compile(r"[A-Za-z0-9_-]+")
"""Keys that need no quotation marks."""


def toml_text(table: Raw) -> str:
    """The text of a TOML file that holds a table.

    Args:
        table: of text, numbers, truth values, lists and tables; lists of tables become ``[[…]]``.
    """
    return "\n".join(_lines(table, ())).lstrip("\n") + "\n"


def _lines(table: Raw, path: tuple[str, ...]) -> Iterator[str]:
    """Lines of one table: its plain keys first, since whatever follows a heading belongs to that."""
    for key, value in table.items():
        if not _is_section(value):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if _is_section(value):
            inner = (*path, _key(key))
            heading = ".".join(inner)
            for entry in value if isinstance(value, list) else [value]:
                yield f"\n[[{heading}]]" if isinstance(value, list) else f"\n[{heading}]"
                yield from _lines(entry, inner)


def _is_section(value: Value) -> bool:
    """Whether a value stands under a heading of its own: tables that hold tables, and lists of tables."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict) and any(isinstance(inner, dict | list) for inner in value.values())


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    # JSON leaves the delete character as it is, which TOML does not allow.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Value) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {_value(inner)}' for key, inner in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else repr(value)
