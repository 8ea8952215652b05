"""Composition of an arrangement: what it inherits, replaces and leaves out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.errors import (
    MISSING,
    Origin,
    Problem,
    ScenarioError,
    did_you_mean,
    is_,
    listed,
    quoted,
)
from tverretatlig_sim.scenario.evidence import graded
from tverretatlig_sim.scenario.files import Folders, Raw, Value, read_table, shown
from tverretatlig_sim.scenario.messages import problems_of
from tverretatlig_sim.scenario.schema import Arrangement

IDENTITY = {"member": ("agency",), "forum": ("name",), "tie": ("source_agency", "target_agency")}
"""Lists that merge entry by entry, and the fields that say which entry is which."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One arrangement on the way up through ``extends``: its table, its origin, the files passed so far."""

    raw: Raw
    origin: Origin
    passed: tuple[Path, ...] = ()


def composed(step: Step, folders: Folders, problems: list[Problem]) -> Raw:
    """The arrangement's table with everything it inherits, without ``extends`` and ``without``.

    Args:
        step: the arrangement as read.
        folders: where the arrangements it extends are looked up.
        problems: found problems are appended here.
    """
    raw = graded(step.raw, "arrangement", step.origin, problems)
    parent_name, without = raw.pop("extends", None), raw.pop("without", {})
    if parent_name is None:
        if without:
            problems.append(
                step.origin.problem("without", _("leaves out entries of nothing"), _("only beside extends"))
            )
        return raw
    try:
        parent = _parent(parent_name, step, folders, problems)
    except ScenarioError as error:
        problems.extend(error.problems)
        return raw
    return merged(_left_out(parent, without, step.origin, problems), raw)


def _parent(name: Value, step: Step, folders: Folders, problems: list[Problem]) -> Raw:
    if not isinstance(name, str):
        raise ScenarioError([step.origin.problem("extends", is_(name), _("the name of an arrangement"))])
    path = folders.find("arrangement", name.strip(), step.origin, "extends")
    if path in step.passed:
        chain = " → ".join(str(quoted(file.stem)) for file in (*step.passed, path))
        what = _("arrangements extend each other in a circle: {chain}", chain=chain)
        raise ScenarioError([step.origin.problem("extends", what)])
    origin = Origin(shown(path))
    raw = composed(
        Step({"name": path.stem, **read_table(path)}, origin, (*step.passed, path)), folders, problems
    )
    problems.extend(_own_problems(raw, origin))
    return raw


def _own_problems(raw: Raw, origin: Origin) -> list[Problem]:
    """What is wrong with a parent by itself; what it lacks, its child may give."""
    try:
        Arrangement.model_validate(raw)
    except ValidationError as error:
        return [item for item in problems_of(error, Arrangement, raw, origin) if item.what != MISSING]
    return []


def merged(parent: Raw, child: Raw) -> Raw:
    """The parent's table with the child's keys; named entries and the start merge field by field."""
    result = {**parent, **child}
    for key, fields in IDENTITY.items():
        if isinstance(parent.get(key), list) and isinstance(child.get(key), list):
            result[key] = _merged_entries(parent[key], child[key], fields)
    if isinstance(parent.get("start"), dict) and isinstance(child.get("start"), dict):
        result["start"] = {**parent["start"], **child["start"]}
    return result


def _merged_entries(parent: list[Any], child: list[Any], fields: Key) -> list[Any]:
    """A second entry of the same name in the child stays apart, so that it is reported as a duplicate."""
    result = list(parent)
    places = {identity(entry, fields): index for index, entry in enumerate(parent)}
    for entry in child:
        index = places.pop(identity(entry, fields), None) if isinstance(entry, dict) else None
        if index is None:
            result.append(entry)
        else:
            result[index] = {**result[index], **entry}
    return result


def identity(entry: Value, fields: Key) -> Key:
    """What an entry is called; empty if it does not say."""
    names = [entry.get(field) if isinstance(entry, dict) else None for field in fields]
    return tuple(plain(name) for name in names if isinstance(name, str) and plain(name))


def entries(raw: Value, key: str) -> list[Raw]:
    """The tables in one list of a table; none if there is no such list."""
    found = raw.get(key) if isinstance(raw, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def plain(name: str) -> str:
    """A name as the schema stores it: trimmed, in Unicode normal form C."""
    return unicodedata.normalize("NFC", name.strip())


def _left_out(parent: Raw, without: Value, origin: Origin, problems: list[Problem]) -> Raw:
    if not isinstance(without, dict):
        problems.append(origin.problem("without", is_(without), _("a table")))
        return parent
    result = dict(parent)
    for key, names in without.items():
        if key not in IDENTITY:
            hint = did_you_mean(key, IDENTITY)
            problems.append(origin.problem(f"without, {key}", _("unknown key"), listed(IDENTITY), hint))
        elif not isinstance(names, list):
            problems.append(origin.problem(f"without, {key}", is_(names), _("a list of names")))
        else:
            result[key] = _remaining(entries(parent, key), key, names, origin, problems)
    return result


def _remaining(
    inherited: list[Raw], key: str, names: list[Any], origin: Origin, problems: list[Problem]
) -> list[Raw]:
    unwanted = {_wanted_identity(name) for name in names}
    present = {identity(entry, IDENTITY[key]) for entry in inherited}
    known = {" ".join(item) for item in present}
    for missing in sorted(unwanted - present):
        name = " ".join(missing)
        what = _("no inherited {key} is called {name}", key=key, name=quoted(name))
        problems.append(origin.problem(f"without, {key}", what, listed(known), did_you_mean(name, known)))
    return [entry for entry in inherited if identity(entry, IDENTITY[key]) not in unwanted]


def _wanted_identity(name: Value) -> Key:
    parts = name if isinstance(name, list) else [name]
    return tuple(plain(str(part)) for part in parts)
