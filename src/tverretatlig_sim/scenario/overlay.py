"""What a user changes in a scenario: lines, each with what it forces elsewhere, and the file that holds them.

A line is a key and a value, as the form, the command line, Python and a file write them: ``members``,
``secretariat``, ``lever.NAME``, ``dial.NAME``, the address of an entry or field (``forum.steering-group``,
``project.housing.lead``), or a target that means several (``forum[all].cadence``, ``letter[all].strength``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, Field

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.inputs import check_table, plain
from tverretatlig_sim.scenario.addresses import PARAMETER, Address, entries
from tverretatlig_sim.scenario.addresses import places as number_places
from tverretatlig_sim.scenario.edits import LISTS, Add, Change, Edit, Remove, Set, Unfit, edited, noted
from tverretatlig_sim.scenario.errors import Origin, ScenarioError, did_you_mean, is_, listed, quoted
from tverretatlig_sim.scenario.files import Value, table_of, toml_value
from tverretatlig_sim.scenario.fit import Fitting, is_secretariat
from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.scenario.levers import NUMBER, is_dial, pulled
from tverretatlig_sim.scenario.operations import OPERATIONS
from tverretatlig_sim.scenario.quantity import MOST_FTE, Date, LongName, NameOrTable
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Table, Title
from tverretatlig_sim.scenario.targets import deciding, parsed, places, vocabulary
from tverretatlig_sim.scenario.validate import read
from tverretatlig_sim.scenario.whole import KINDS, Then

MEMBERS, SECRETARIAT, LEVER, DIAL = "members", "secretariat", "lever", "dial"
WORDS = (MEMBERS, SECRETARIAT)
PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')
EXAMPLE = "{'member.UDI': False}"
HEX = 16
"""Digits of the hash of a base that a file keeps."""


@dataclass(frozen=True)
class Line:
    """One line of what a user changes: its effect is told alone, and what it forces belongs to it.

    Attributes:
        key: what is changed; see above.
        value: as a file writes it; True and False add and remove an entry, an empty text takes a name away.
        changes: what it changed itself; empty for levers.
        fittings: what it forced elsewhere; those of levers stand in the scenario's notes.
        since: first month in which it holds; default: the whole run.
    """

    key: str
    value: Value
    changes: tuple[Change, ...] = ()
    fittings: tuple[Fitting, ...] = ()
    since: str | None = None

    def __repr__(self) -> str:
        forced = "".join(f"\n    {fitting.text}" for fitting in self.fittings)
        return f"<{self.text}{f', from {self.since}' if self.since else ''}{forced}>"

    @property
    def text(self) -> str:
        """The line as one types it; see ``line_of``."""
        return f"{self.key}={toml_value(self.value)}"

    @property
    def lever(self) -> str:
        """The lever or dial as ``load_lever`` takes it; empty if it is none."""
        kind, _dot, name = self.key.partition(".")
        return name if kind == LEVER else f"{name}={self.value}" if kind == DIAL else ""


class Overlay(Table):
    """A file that changes another scenario.

    Attributes:
        name, title, source: as of any scenario.
        base: scenario that is changed, by name or as a table; files of one's own stand beside.
        base_hash: what the base was when the file was written; see ``fingerprint``.
        since: first month in which the changes hold; default: the whole run.
        change: lines, by key.
    """

    name: LongName
    title: Title | None = None
    source: str = ""
    base: NameOrTable
    base_hash: str = ""
    since: Date | None = None
    change: dict[str, Any] = Field(default_factory=dict)


def lever_line(lever: str) -> tuple[str, Value]:
    """The key and value of a line that pulls a lever or sets a dial, as ``load_lever`` takes it."""
    name, sign, setting = lever.partition("=")
    if not (sign and is_dial(lever)):
        return f"{LEVER}.{lever}", True
    return f"{DIAL}.{name}", float(setting) if NUMBER.fullmatch(setting) else setting


def lines_of(table: Mapping[str, Any]) -> list[Line]:
    """The lines of a table, in its order; tables of tables (``forum.NAME.cadence``) are read as addresses.

    Args:
        table: values by key, as ``edit`` takes them.

    Raises:
        TypeError: a key is no text.
    """
    return [Line(key, "" if value is None else plain(value)) for key, value in _flat(table)]


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    check_table("values", table, EXAMPLE)
    for key, value in table.items():
        names = 1 if key in (LEVER, DIAL) else len(KINDS[key][1]) if key in KINDS else 0
        if not isinstance(value, Mapping) or not (names or key in KINDS):
            yield key, value
            continue
        inner: list[tuple[tuple[str, ...], Any]] = [((key,), value)]
        for _level in range(names or 1):
            inner = [row for at, held in inner for row in _within(at, held)]
        yield from ((str(Address(at[0], at[1:])), it) for at, it in inner)


def _within(at: tuple[str, ...], held: object) -> list[tuple[tuple[str, ...], Any]]:
    """What a table holds, by longer addresses; what is no table has none, and is refused where it is made."""
    if not isinstance(held, Mapping):
        return [(at, held)]
    check_table(".".join(at), held, EXAMPLE)
    return [((*at, name), value) for name, value in held.items()]


def line_of(text: str) -> Line:
    """A line as one types it, ``ADDRESS=VALUE``: the value as in a file; text needs no quotation marks.

    Raises:
        ScenarioError: it is no line, or its number has a decimal comma.
    """
    key, sign, value = (part.strip() for part in text.partition("="))
    what: Message | str = ""
    if key == DIAL or (key.startswith(f"{LEVER}.") and sign and value not in ("true", "false")):
        what = _("must be lever.NAME=true, or dial.NAME=VALUE")
    elif not (key and sign) or "\n" in text:
        what = _("must be address=value")
    elif re.fullmatch(r"[-+]?\d+,\d+", value):
        what = _("write a decimal point: {number}", number=f"{key}={value.replace(',', '.')}")
    if what:
        raise Origin(quoted(text)).refusal("", what)
    with suppress(ScenarioError):
        found = plain(table_of(f"value = {value}", Path(key))["value"])
        if _is_plain(found):
            return Line(key, [found] if key == MEMBERS and not isinstance(found, list) else found)
    words = [word.strip() for word in value.split(",")]
    return Line(key, words if len(words) > 1 or key == MEMBERS else value)


def _is_plain(value: Value) -> bool:
    """Whether a value holds nothing but texts, truth values and finite numbers."""
    if isinstance(value, dict | list):
        return all(map(_is_plain, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


def changed(
    base: Scenario,
    lines: Sequence[Line],
    since: str | None = None,
    faults: dict[str, ScenarioError] | None = None,
) -> Scenario:
    """The scenario with what its user changes: levers first, then line by line, each fitted before the next.

    Args:
        base: what to change.
        lines: in the order in which they are made.
        since: first month in which they hold; default: the whole run.
        faults: takes up why lines cannot be made, by key; they are left out then.

    Returns:
        The scenario with its lines in ``changes``, each now with what it did and forced.

    Raises:
        ScenarioError: a line cannot be made here, with the line and what is allowed.
    """
    now = phases(base)[-1][1] if since else base
    made = start = replace(now, levers=() if since else now.levers)
    done, edits, levers = list[Line](), list[Edit](), list[str]()
    for line in (line for line in lines if line.lever):
        try:
            made = pulled(start, *levers, line.lever)
            levers.append(line.lever)
        except ScenarioError as error:
            _refuse(line, error, faults)
    for line in lines:
        if line.lever:
            done += [replace(line, since=since)] if line.lever in levers else []
            continue
        try:
            asked = list(_edits(line, made))
            result = edited(made, asked)
        except Unfit as reason:
            _refuse(line, base.origin.refusal(line.key, *reason.args), faults)
            continue
        except ScenarioError as error:
            _refuse(line, error, faults)
            continue
        changes = tuple(change for step in result.steps for change in step.changes)
        fittings = tuple(fitting for step in result.steps for fitting in step.fittings)
        done.append(replace(line, changes=changes, fittings=fittings, since=since))
        made, edits = result.scenario, [*edits, *asked]
    if since:
        written = tuple({"do": it.do, **plain(it)} for it in edits)
        raw = {"date": since, "lever": levers, "edit": written}
        then = read(Then, raw, base.origin)
        made = replace(base, then=tuple(sorted([*base.then, then], key=lambda it: it.date)))
    new = {line.key.partition(".")[2] for line in done if line.value is not False} & _idle(made)
    idle = _("forums that steer and are on no route decide nothing: {names}", names=listed(new))
    made = noted(replace(made, changes=(*base.changes, *done)), [idle] if new else [])
    return noted(made, made.cautions())


def _refuse(line: Line, error: ScenarioError, faults: dict[str, ScenarioError] | None) -> None:
    if faults is None:
        raise error from None
    faults[line.key] = error


def _idle(scenario: Scenario) -> set[str]:
    """Forums that steer, and that no recommendation or mandate passes."""
    steering = {forum.name for forum in scenario.arrangement.forum if forum.function == "steer"}
    return steering - deciding(scenario)


def with_lines(base: Scenario, lines: Sequence[Line]) -> Scenario:
    """The scenario with those of some lines that can be made there; the others are left out."""
    return changed(base, lines, lines[0].since if lines else None, {})


# --- what a line asks for


def parts_of(key: str) -> list[str]:
    """The kind, names and field that an address is made of; those with a dot stand in quotation marks."""
    return [json.loads(part) if part[:1] == '"' else part for part in PART.findall(key)]


def _edits(line: Line, scenario: Scenario) -> Iterator[Edit]:
    """The edits of a line.

    Raises:
        Unfit: there is nothing here that it could change, or its value is none.
    """
    key, value = line.key, line.value
    kind, *names = parts_of(key)
    if key == MEMBERS:
        yield from _members(value, scenario)
    elif key == SECRETARIAT:
        yield from _secretariat(value, scenario)
    elif key in vocabulary():
        target, numbers = parsed(key), dict(number_places(scenario))
        found = places(target, scenario, numbers)
        if not found:
            raise Unfit(target.missing)
        yield from (Set(address=str(at), value=value) for at in found)
    elif kind in LISTS and (value is False or value is True or isinstance(value, Mapping)):
        known = {str(at) for at, _row in entries(scenario)}
        fields = value if isinstance(value, Mapping) else {}
        if value is False and key not in known:
            what, of = _("nothing here is called so"), [it for it in known if it.startswith(f"{kind}.")]
            raise Unfit(joined("; ", (what, did_you_mean(key, of))))
        if value is False:
            yield Remove(address=key)
        elif key in known:
            yield from (Set(address=f"{key}.{field}", value=it) for field, it in fields.items())
        else:
            yield Add(
                kind=cast("Any", kind), entry={**dict(zip(KINDS[kind][1], names, strict=False)), **fields}
            )
    elif kind in KINDS or kind == PARAMETER:
        yield Set(address=key, value=value)
    else:
        words = [*WORDS, *vocabulary(), *(str(at) for at, _number in number_places(scenario))]
        allowed = _("{words}, lever.NAME, dial.NAME or an address", words=listed(WORDS))
        what = _("nothing here is called so")
        raise scenario.origin.refusal(key, what, allowed, did_you_mean(key, words))


def _members(value: Value, scenario: Scenario) -> Iterator[Edit]:
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        raise Unfit(joined("; ", (is_(value), _("allowed: a list of names of agencies"))))
    now = scenario.members
    yield from (
        Add(kind="member", entry={"agency": name}) for name in dict.fromkeys(value) if name not in now
    )
    yield from (Remove(address=f"member.{name}") for name in now if name not in value)


def _secretariat(value: Value, scenario: Scenario) -> Iterator[Edit]:
    """Staff in all: shared as it is shared now; a secretariat where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_FTE:
        allowed = _("allowed: a number from 0 to {most}, full-time equivalents", most=MOST_FTE)
        raise Unfit(joined("; ", (is_(value), allowed)))
    staffed = [it for it in scenario.arrangement.forum if is_secretariat(it)]
    total = sum(float(it.secretariat_fte) for it in staffed)
    for forum in staffed:
        share = float(forum.secretariat_fte) / total
        yield Set(address=f"forum.{forum.name}.secretariat_fte", value=round(value * share, 6))
    if not staffed and value:
        yield OPERATIONS["add-secretariat"].model_validate({"do": "add-secretariat", "fte": float(value)})


# --- files


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 of everything a scenario is made of, in hexadecimal: the same for the same content."""
    fields = "start months ministries agencies beyond arrangement portfolio letters parameters then beside"
    content = {name: getattr(scenario, name) for name in fields.split()}
    return sha256(json.dumps(content, sort_keys=True, default=_plainly).encode()).hexdigest()


def _plainly(value: Any) -> Any:  # noqa: ANN401
    return value.model_dump() if isinstance(value, BaseModel) else dict(value)
