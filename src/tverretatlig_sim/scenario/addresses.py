"""One address for each table and number of a scenario: ``forum.steering-group``, ``parameter.turnover``.

One walk reads every table of a scenario (``entries``), one rewrites it (``rewritten``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.inputs import check_table
from tverretatlig_sim.scenario import errors
from tverretatlig_sim.scenario.errors import Problem, ScenarioError, is_, listed, quoted
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Bounds, Override, Quantity, drawn, number_fields
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Table
from tverretatlig_sim.scenario.whole import KINDS, revised

if TYPE_CHECKING:
    from tverretatlig_sim.arrays import Floats  # slow to import

PARAMETER = "parameter"
HOLDERS = {
    "ministries": "ministry",
    "beyond_ministries": "ministry",
    "agencies": "agency",
    "beyond": "agency",
    "arrangement": "arrangement",
    "portfolio": "portfolio",
    "letters": "letters",
}
"""Fields of a scenario that hold tables, and of which kind."""
EACH = ("core_tasks", "frame", "understanding", "themes", "gains", "gives_up")
"""Fields that hold a number for each theme or agency."""
BY_RUN: Mapping[str, str] = {
    "arrangement": "attention follow_up lead_authority mandate_clarity programme_resources project_clarity"
    " stop_points turnover",
    "start": "ownership trust",
    "tie": "trust",
    "ministry": "attention",
    "agency": "ambition capacity dependence internal_organisation line_capacity ownership staff stubbornness",
    "forum": (FORUM := "agenda authority link mandate_clarity quorum rank rounds secretariat_fte"),
    "ministry_forum": FORUM,
    "letters": "budget_lead budget_month law_months",
    "letter": "resources strength",
    "event": "strength",
    "portfolio": "at_once",
    "project": "benefit boldness clarity cost deadline gains gives_up instruments_given_up line_work parties"
    " priority rung size stop_points",
    "recommendation": "gains gives_up instruments_given_up",
}
"""Fields whose numbers can differ between the runs of one world, by kind; others change what there is in it:
who is near enough to bear a duty, how many recommendations there are, when a forum meets."""
PLAIN = re.compile(r'[^."]+')
HAND = "set by hand"
NUMBER = TypeAdapter[Quantity](Override)


@dataclass(frozen=True)
class Address:
    """Where a table or a number of a scenario stands.

    Attributes:
        kind: a key of ``KINDS``, or ``parameter``.
        names: what its table is called: nothing for the arrangement, two agencies for a tie, project and
            name for a recommendation, first and last month for an unstable period.
        field: the field that holds it, or the parameter's name; empty where the whole table is meant.
        key: theme or agency, where the field holds a number for each.
    """

    kind: str
    names: tuple[str, ...] = ()
    field: str = ""
    key: str = ""

    def __str__(self) -> str:
        parts = [self.kind, *self.names, *filter(None, [self.field, self.key])]
        written = [part if PLAIN.fullmatch(part) else json.dumps(part, ensure_ascii=False) for part in parts]
        return ".".join(written)

    @property
    def bounds(self) -> Bounds:
        """Hard limits of the number."""
        if self.kind == PARAMETER:
            return parameter_specs()[self.field].bounds
        return number_fields(KINDS[self.kind][0])[self.field]

    @property
    def by_run(self) -> bool:
        """Whether the number can differ between the runs of one world."""
        return self.field in BY_RUN.get(self.kind, "").split()


MONTHS = Address("scenario", (), "months")

# --- tables


def entries(scenario: Scenario) -> Iterator[tuple[Address, Table]]:
    """Every table of a scenario with its address, those inside it behind it."""
    for name, kind in HOLDERS.items():
        yield from _tables(kind, getattr(scenario, name), ())


def _tables(kind: str, held: Any, within: tuple[str, ...]) -> Iterator[tuple[Address, Table]]:  # noqa: ANN401
    for table in held if isinstance(held, list | tuple) else [held]:
        if isinstance(table, Table):
            yield (at := _at(kind, table, within)), table
            for field in _inside(type(table)):
                yield from _tables(field, getattr(table, field), at.names)


def rewritten(scenario: Scenario, change: Callable[[Address, Any], Table | None]) -> Scenario:
    """The scenario with what a function makes of each of its tables; itself if nothing changes.

    Args:
        scenario: what to change.
        change: given a table, in which those inside are changed already, and its address; None leaves it out.
    """
    tables = {name: _rewritten(kind, getattr(scenario, name), (), change) for name, kind in HOLDERS.items()}
    return revised(scenario, **tables)


def _rewritten(kind: str, held: Any, within: tuple[str, ...], change: Callable[[Address, Any], Any]) -> Any:  # noqa: ANN401
    if isinstance(held, list | tuple):
        rows = (_rewritten(kind, row, within, change) for row in held)
        return type(held)(row for row in rows if row is not None)
    if not isinstance(held, Table):
        return held
    at, inside = _at(kind, held, within), _inside(type(held))
    new = {field: _rewritten(field, getattr(held, field), at.names, change) for field in inside}
    return change(at, revised(held, **new))


@cache
def _inside(model: type[Table]) -> tuple[str, ...]:
    """Fields that hold tables."""
    return tuple(field for field in model.model_fields if field in KINDS)


def _at(kind: str, table: Table, within: tuple[str, ...] = ()) -> Address:
    """What a table is called, itself in the table it stands in."""
    return Address(kind, (*within, *(str(getattr(table, key)) for key in KINDS[kind][1])))


# --- numbers


def places(scenario: Scenario) -> Iterator[tuple[Address, Quantity | None]]:
    """Every place of a scenario that can hold a number, with the number if one is given; parameters last.

    What a membership replaces stands in the agencies, and is not repeated.
    """
    yield MONTHS, scenario.length
    for at, table in entries(scenario):
        for field in number_fields(type(table)) if at.kind != "member" else ():
            held = getattr(table, field)
            if field in EACH:
                for key, number in (held or {}).items():
                    yield Address(at.kind, at.names, field, key), number
            else:
                yield Address(at.kind, at.names, field), held
    for name, spec in parameter_specs().items():
        yield Address(PARAMETER, (), name), scenario.parameters.get(name, spec.quantity)


def located(scenario: Scenario) -> Iterator[tuple[Address, Quantity]]:
    """Every number of a scenario with its address, part by part; parameters last."""
    return ((address, quantity) for address, quantity in places(scenario) if quantity is not None)


def numbers(scenario: Scenario) -> dict[str, Quantity]:
    """Every number of a scenario, and every parameter, by its address."""
    return {str(address): quantity for address, quantity in located(scenario)}


def parse(scenario: Scenario, text: str) -> Address:
    """The address that a text is.

    Args:
        scenario: whose number is meant.
        text: e.g. ``forum.steering-group.cadence`` or ``tie.Udir.Hdir.trust``; names with a dot or a
            quotation mark stand in quotation marks. A bare name is a parameter and nothing else.

    Raises:
        ScenarioError: the scenario has no such number, nor a place where it could be given.
    """
    return _found(scenario, text)[0]


def value(scenario: Scenario, address: str | Address) -> Quantity | None:
    """The number at an address; None where the scenario gives none and another one counts in its place.

    Raises:
        ScenarioError: as ``parse``.
    """
    return _found(scenario, str(address))[1]


def set_values(scenario: Scenario, values: Mapping[str, float | Quantity]) -> Scenario:
    """The scenario with other numbers at some addresses.

    Args:
        scenario: what to change.
        values: by address; a bare number becomes an assumption that says it was set by hand.

    Raises:
        ScenarioError: with every address that is none and every number beyond its hard limits.
    """
    check_table("values", values, "{'arrangement.follow_up': 0.2}")
    asked = {*map(_whole, values)}
    # Of a thousand places, those few are written out that may be meant.
    near = (place for place, _number in places(scenario) if any(place.field in text for text in asked))
    known = {str(place): place for place in near}
    problems, updates = list[Problem](), dict[Address, Quantity]()
    for text, given in values.items():
        place, quantity = known.get(_whole(text)), _quantity(given)
        if place is None:
            problems.append(unknown(scenario, text))
        elif quantity is None or not place.bounds.holds(quantity.value):
            origin = scenario.origin
            problems.append(origin.problem(text, is_(given), place.bounds.allowed, code="out_of_bounds"))
        else:
            updates[place] = quantity
    if problems:
        raise ScenarioError(problems)
    return updated(scenario, updates)


def varied(scenario: Scenario, values: Mapping[str, Floats]) -> Scenario:
    """The scenario with a number for each run at some addresses; a world can be built of it, nothing else.

    Args:
        scenario: what to change.
        values: by address, shape (run,).

    Raises:
        ScenarioError: with every address that is none or whose number cannot differ between runs, and every
            number beyond its hard limits.
    """
    known = {str(place): (place, number) for place, number in places(scenario)}
    problems, updates, origin = list[Problem](), dict[Address, Quantity](), scenario.origin
    for text, given in values.items():
        place, quantity = known.get(text, (None, None))
        distinct = sorted({*given.tolist()})
        wrong = [] if place is None else [it for it in distinct if not place.bounds.holds(it)]
        if place is not None and not place.by_run and len(distinct) > 1:
            problems.append(origin.problem(text, _("cannot differ between runs"), code="not_by_run"))
        elif place is None:
            problems.append(unknown(scenario, text))
        elif wrong:
            problems.append(origin.problem(text, is_(wrong[0]), place.bounds.allowed, code="out_of_bounds"))
        else:
            quantity = quantity or Quantity(value=0.0)
            new = {} if place.by_run else {"value": float(given[0])}
            updates[place] = quantity.model_copy(update=new) if new else drawn(quantity, given)
    if problems:
        raise ScenarioError(problems)
    return updated(scenario, updates)


def updated(scenario: Scenario, updates: Mapping[Address, Any]) -> Scenario:
    """The scenario with new values of fields, whose addresses it has and whose limits were checked."""
    new: dict[Address, dict[str, Any]] = {}
    for place, given in updates.items():
        fields = new.setdefault(Address(place.kind, place.names), {})
        if place.key:
            fields.setdefault(place.field, {})[place.key] = given
        else:
            fields[place.field] = given

    def change(at: Address, table: Table) -> Table:
        fields = new.get(at, {})
        each = {field: {**getattr(table, field), **fields[field]} for field in fields.keys() & {*EACH}}
        return revised(table, **{**fields, **each})

    given = {place.field: number for place, number in updates.items() if place.kind == PARAMETER}
    parameters = dict(sorted({**scenario.parameters, **given}.items()))
    months = updates.get(MONTHS, scenario.months)
    return revised(rewritten(scenario, change) if new else scenario, parameters=parameters, months=months)


def unknown(scenario: Scenario, text: str) -> Problem:
    """What is wrong with an address that is none: with the nearest one, or all that a bare name recalls."""
    allowed = _("an address such as {example}", example="arrangement.mandate_clarity")
    what = _("there is no number {address}", address=quoted(text))
    return Problem(quoted(scenario.name), "", what, allowed, did_you_mean(scenario, text), "unknown_address")


def did_you_mean(scenario: Scenario, text: str) -> Message | str:
    """A question with the nearest address; empty if none is near."""
    known = [str(place) for place, _number in places(scenario)]
    same = [address for address in known if address.endswith(f".{text}")]
    if same:
        return _("did you mean {word}?", word=listed(same))
    return errors.did_you_mean(_whole(text), known)


def _found(scenario: Scenario, text: str) -> tuple[Address, Quantity | None]:
    for place, number in places(scenario):
        if str(place) == _whole(text):
            return place, number
    raise ScenarioError([unknown(scenario, text)])


def _whole(text: str) -> str:
    return text if "." in text else f"{PARAMETER}.{text}"


def _quantity(number: object) -> Quantity | None:
    """A number, bare or as a file writes it with its evidence; None if it is no finite number."""
    if isinstance(number, Quantity):
        return number
    if isinstance(number, Mapping):
        with suppress(ValidationError):
            return NUMBER.validate_python(number)
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        return None
    return Quantity(value=float(number), source=HAND)
