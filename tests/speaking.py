"""Calling what speaks in another language than English, and the keys of all labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tverretatlig_sim.i18n import LOCALE, use_language

P = ParamSpec("P")
T = TypeVar("T")


def norwegian(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function gives when Norwegian is spoken."""
    with use_language("nb"):
        return function(*args, **kwargs)


def catalogue(code: str) -> Catalog:
    """The catalogue of a language."""
    with (LOCALE / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def labels(code: str = "en") -> dict[str, str]:
    """All labels of a language, by key."""
    return {entry.id: entry.string for entry in catalogue(code) if entry.context == "label"}
