"""Tables with some fields replaced, and tables by their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from tverretatlig_sim.scenario.schema import Named

T = TypeVar("T")
N = TypeVar("N", bound=Named)


def revised(table: T, **fields: object) -> T:
    """The table or scenario with fields replaced; itself if they are so already."""
    new: dict[str, Any] = {name: value for name, value in fields.items() if getattr(table, name) != value}
    if not new:
        return table
    return table.model_copy(update=new) if isinstance(table, BaseModel) else replace(table, **new)  # type: ignore[type-var]


def named(tables: Iterable[N], name: str | None) -> N | None:
    """The table with a name, if there is one."""
    return next((table for table in tables if table.name == name), None)


def names_of(tables: Iterable[Named]) -> list[str]:
    """Names of tables."""
    return [table.name for table in tables]
