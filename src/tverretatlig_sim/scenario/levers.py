"""Levers and dials: named lists of edits that go with any arrangement, read from files."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations, product
from math import sqrt
from pathlib import Path
from typing import Any, Literal, cast, get_args

from pydantic import Field

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.inputs import another_kind, plain
from tverretatlig_sim.own import OWN
from tverretatlig_sim.scenario import addresses
from tverretatlig_sim.scenario.addresses import Address
from tverretatlig_sim.scenario.edits import Operation, Unfit, content, edits_of, noted
from tverretatlig_sim.scenario.errors import (
    Origin,
    Problem,
    ScenarioError,
    among,
    dial_called,
    is_,
    listed,
    quoted,
)
from tverretatlig_sim.scenario.files import (
    Raw,
    Value,
    is_path,
    is_plain_name,
    read_table,
    shipped_folder,
    shown,
    toml_names,
)
from tverretatlig_sim.scenario.fit import Fitting, fit, summed_up
from tverretatlig_sim.scenario.operations import OPERATIONS
from tverretatlig_sim.scenario.quantity import Bounds, Name
from tverretatlig_sim.scenario.scenario import Scenario, sound
from tverretatlig_sim.scenario.schema import Named, Title
from tverretatlig_sim.scenario.targets import Asked, Change, How, numbers_changed, places
from tverretatlig_sim.scenario.validate import checked, read

Basis = Literal["observed", "impression", "advice"]
"""What the sources have on a lever: it was tried and seen, people say so, or it is advised only."""
Framework = Literal["ladder", "distances", "matrix", "mechanisms", "roles", "instruments", "chain"]
FRAMEWORKS: tuple[Framework, ...] = get_args(Framework)

IDLE = _("changes nothing here: all it asks for is so already")
SEPARATORS = "+,="
"""Characters that stand between names of levers."""
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
SETTING = re.compile(r"(?P<name>[^=/\\]+)=(?P<value>[^/\\]*)")

ASKS: Mapping[How, Message] = {
    "set": _("set"),
    "multiply": _("multiply"),
    "add": _("add"),
    "at_least": _("at least"),
    "at_most": _("at most"),
}
"""What a lever asks of a number."""

CURVES: Mapping[str, Callable[[float], float]] = {
    "value": lambda value: value,
    "1 - value": lambda value: 1.0 - value,
    "sqrt(value)": sqrt,
    "round(4 * value)": lambda value: float(round(4 * value)),
}
"""What files of dials may write for a number that depends on what the dial is set to."""


class _File(Named):
    """What files say of levers and dials alike; what an operation's keys are depends on ``do``."""

    title: Title
    source: Name
    meaning: Title
    operation: tuple[dict[str, Any], ...] = Field(default=(), strict=False)


class LeverFile(_File):
    """A lever file.

    Attributes:
        title: heading in both languages.
        evidence: what the sources have on it: ``observed``, ``impression`` or ``advice``.
        meaning: what pulling it means, in both languages.
        change: numbers it changes.
        operation: what it does to the structure.
    """

    evidence: Basis
    change: tuple[Change, ...] = Field(default=(), strict=False)


class Lever(LeverFile):
    """A change that goes with any arrangement.

    Attributes:
        operations: what it does to the structure, as edits.
        path: its file.
        dial: name of the dial it sets, if it sets one.
    """

    operations: tuple[Operation, ...] = ()
    path: Path = Path()
    dial: str = ""

    @property
    def changes(self) -> tuple[Change, ...]:
        """Numbers it changes."""
        return self.change

    @property
    def called(self) -> Message | str:
        """The lever or dial as messages call it."""
        return dial_called(self.name) if self.dial else _("lever {name}", name=quoted(self.name))


class Dial(_File):
    """A framework of the sources as a number one can set; each setting is a lever.

    Attributes:
        name: short name.
        framework: the framework it belongs to.
        title: heading in both languages.
        meaning: what its two ends mean, in both languages.
        source: where the framework is from.
        assumed: what about the dial is our reading, in both languages.
        low, high: what it can be set to.
        whole: whether only whole numbers will do.
        change: numbers it changes, as in lever files; amounts are keys of ``CURVES``.
        operation: what it does to the structure, alike.
        scaled: name of a lever whose numbers it changes as far as it is set: 0 not at all, 1 in full.
    """

    framework: Framework
    assumed: Title
    low: int = 0
    high: int = 1
    whole: bool = False
    change: tuple[dict[str, Any], ...] = Field(default=(), strict=False)
    scaled: str = ""

    @property
    def bounds(self) -> Bounds:
        """What it can be set to."""
        return Bounds(self.low, self.high, whole=self.whole)

    def at(self, value: float) -> Lever:
        """The lever that sets the dial.

        Args:
            value: within ``bounds``.

        Raises:
            ValueError: it is not.
            ScenarioError: the file of the lever it scales has problems.
        """
        said = f"{value:g}" if float(f"{value:g}") == value else repr(float(value))  # names tell dials apart
        heading = f"{self.name}={said}"
        if not self.bounds.holds(value):
            raise ValueError(joined(": ", (heading, _("must be {allowed}", allowed=self.bounds.allowed))))
        source = f"dial {self.name}: {self.source}; assumed: {self.assumed.en}"

        def filled(rows: Sequence[Raw]) -> list[Raw]:
            return [{key: number(given) for key, given in row.items()} for row in rows]

        def number(given: Value) -> Value:
            curve = CURVES.get(given) if isinstance(given, str) else None
            return {"value": curve(value), "grade": "assumed", "source": source} if curve else given

        raw = {
            **self.model_dump(include={"source", "meaning"}),
            "name": heading,
            "title": {
                "en": f"{self.title.en} {said}",
                "nb": f"{self.title.nb} {said}".replace(".", ","),
            },
            "evidence": "impression",
            "change": filled(self.change),
            "operation": filled(self.operation),
        }
        lever, scaled = (
            lever_of(raw, Path(heading), self.name),
            load_lever(self.scaled).change if self.scaled else (),
        )
        return lever.model_copy(update={"change": (*lever.change, *(_in_part(it, value) for it in scaled))})


def _in_part(change: Change, share: float) -> Change:
    """A change as far as a dial is set: factors from one, terms from nothing."""
    neutral, own = 1.0 if change.how == "multiply" else 0.0, change.amount
    value, *ends = (neutral + share * (end - neutral) for end in (own.value, *own.span))
    amount = own.model_copy(update={"value": value, "range": (min(ends), max(ends))})
    return change.model_copy(update={"amount": amount})


# --- files


def list_levers() -> list[str]:
    """Names of the levers that come with the package and of the user's own in use, sorted."""
    return sorted({*toml_names(shipped_folder() / "levers"), *OWN["lever"]})


def list_dials() -> list[str]:
    """Names of the dials, by framework."""
    return [*_dials(shipped_folder()), *OWN["dial"]]


def load_lever(name_or_path: str | Path | Lever | Mapping[str, Any]) -> Lever:
    """A lever that comes with the package, by name, one's own, by the path of its file, or a dial's setting.

    Args:
        name_or_path: a name from ``list_levers()``, its title in either language, the path of a TOML file,
            ``matrix=0.8``, a table such as a lever file holds, or a lever, returned as it is.

    Raises:
        ScenarioError: with all problems of the file, or why the dial cannot be set so.
    """
    if isinstance(name_or_path, Lever):
        return name_or_path
    if isinstance(name_or_path, Mapping):
        return lever_of(plain(name_or_path), Path(str(name_or_path.get("name", "lever"))))
    if not isinstance(name_or_path, str | os.PathLike):
        raise another_kind(_("a lever is given by its name or the path of its file"), name_or_path)
    text, known = os.fspath(name_or_path), list_levers()
    if text is name_or_path and is_dial(text):
        return _set_dial(text)
    path = Path(text)
    if text is name_or_path and not is_path(text):
        text = text if text in known else by_title().get(text.strip().casefold(), text)
        if text not in known:
            what = _("there is no such lever")
            raise Origin(quoted(text)).refusal("", what, *among(text, known), "unknown_lever")
        if text in OWN["lever"]:
            return cast("Lever", OWN["lever"][text])
        path = shipped_folder() / "levers" / f"{text}.toml"
    return lever_of({"name": path.stem, **read_table(path)}, path)


def by_title() -> Mapping[str, str]:
    """Names of the levers that can be read, by their titles in both languages, in small letters."""
    return {title.casefold(): it.name for it in sound_levers()[0] for title in (it.title.en, it.title.nb)}


def sound_levers() -> tuple[list[Lever], list[Problem]]:
    """The levers that come with the package and can be read, and what is wrong with the others."""
    sound, problems = list[Lever](), list[Problem]()
    for name in list_levers():
        try:
            sound.append(load_lever(name))
        except ScenarioError as error:
            problems.extend(error.problems)
    return sound, problems


def load_dial(name: str | Mapping[str, Any]) -> Dial:
    """A dial by name, or of a table such as stands in a file of dials, with its ``framework``.

    Raises:
        ScenarioError: there is none of that name, or with all problems of the table.
    """
    if isinstance(name, Mapping):
        return read(Dial, plain(name), Origin(quoted(name.get("name", "dial"))))
    known: Mapping[str, Dial] = {**_dials(shipped_folder()), **OWN["dial"]}
    if (name := str(name)) not in known:
        raise Origin(quoted(name)).refusal("", _("there is no such dial"), *among(name, known))
    return known[name]


def is_dial(written: str) -> bool:
    """Whether something is written as a dial's setting: a name, an equals sign, no path."""
    return SETTING.fullmatch(written) is not None and not written.endswith(".toml")


@cache
def _dials(folder: Path) -> Mapping[str, Dial]:
    dials, problems = dict[str, Dial](), list[Problem]()
    for framework in FRAMEWORKS:
        path = folder / "dials" / f"{framework}.toml"
        for raw in read_table(path).get("dial", []):
            if dial := checked(Dial, {"framework": framework, **raw}, Origin(shown(path)), problems):
                dials[dial.name] = dial
    if problems:
        raise ScenarioError(problems)
    return dials


def _set_dial(written: str) -> Lever:
    name, value = (part.strip() for part in written.split("=", 1))
    dial = load_dial(name)
    what, allowed = is_(value), dial.bounds.allowed
    if re.fullmatch(r"[-+]?\d+,\d+", value):
        allowed = _("a decimal point: {number}", number=value.replace(",", "."))
    elif NUMBER.fullmatch(value):
        what = _("is {value}", value=value)
        if dial.bounds.holds(float(value)):
            return dial.at(float(value))
    raise Origin(dial_called(name)).refusal("", what, allowed)


def lever_of(raw: Raw, path: Path, dial: str = "") -> Lever:
    """The lever of a table such as a lever file holds.

    Args:
        raw: the table.
        path: the file that it stands in.
        dial: name of the dial it sets, if it sets one.

    Raises:
        ScenarioError: with all its problems.
    """
    origin, problems = Origin(shown(path)), list[Problem]()
    head = read(LeverFile, raw, origin)
    operations = edits_of(head.operation, OPERATIONS, "operation", origin, problems)
    problems.extend(_faults(head, origin, dial))
    if problems:
        raise ScenarioError(problems)
    return Lever.model_construct(**dict(head), operations=tuple(operations), path=path, dial=dial)


def _faults(head: LeverFile, origin: Origin, dial: str) -> Iterator[Problem]:
    if not dial and (not is_plain_name(head.name) or {*head.name} & {*SEPARATORS}):
        allowed = _("no path, and none of {characters}", characters=SEPARATORS)
        yield origin.problem("name", is_(head.name), allowed)
    if not dial and not (head.change or head.operation):
        allowed = _("at least one [[change]] or [[operation]]")
        yield origin.problem("", _("changes nothing"), allowed, code="idle")
    for change in head.change:
        limits, amount = change.bounds, change.amount
        if limits is not None and not all(map(limits.holds, (amount.value, *amount.span))):
            place = f"change {quoted(change.what)}, amount"
            yield origin.problem(place, _("goes beyond the limits"), limits.allowed)


# --- levers pulled


def pulled(scenario: Scenario, *levers: str | Path | Lever) -> Scenario:
    """As ``with_levers``, of a scenario that is known to be sound."""
    if not levers:
        return scenario
    ordered = sorted(map(load_lever, levers), key=lambda lever: lever.name)
    problems = [*_repeated(scenario, ordered), *_opposed(scenario, ordered)]
    if problems:
        raise ScenarioError(problems)
    made = _Pulled(scenario, ordered)
    for lever in (lever for lever in ordered if not lever.dial):
        problems += _idle(scenario, lever, made if len(ordered) == 1 else _Pulled(scenario, [lever]))
    if problems := problems or made.problems or list(made.result.problems()):
        raise ScenarioError(problems)
    titles = [scenario.title, *(lever.title for lever in ordered)]
    names = tuple(lever.name for lever in ordered)
    called = replace(
        noted(made.result.checked(), made.notes),
        name="+".join((scenario.name, *names)),
        title=Title(en=" + ".join(it.en for it in titles), nb=" + ".join(it.nb for it in titles)),
        source="; ".join([scenario.source, *(f"{lever.called}: {lever.source}" for lever in ordered)]),
        path=None,
        levers=names,
    )
    return sound(called)


def _repeated(scenario: Scenario, levers: Sequence[Lever]) -> Iterator[Problem]:
    """Levers that are given twice, or pulled on top of others."""
    place = quoted(scenario.name)
    if scenario.levers:
        before = _("levers {names}", names=listed(scenario.levers))
        yield Problem(place, before, _("are pulled already; pull all levers of a scenario at once"))
    given = Counter(dial_called(lever.dial) if lever.dial else lever.called for lever in levers)
    for lever in (lever for lever, number in given.items() if number > 1):
        yield Problem(place, lever, _("is given more than once"))


def _opposed(scenario: Scenario, levers: Sequence[Lever]) -> Iterator[Problem]:
    """Pairs of levers whose operations contradict each other."""
    for one, other in combinations(levers, 2):
        for mine, theirs in product(one.operations, other.operations):
            reason: Message | str = _undone_by(mine, theirs) or _undone_by(theirs, mine)
            if mine.subject == theirs.subject and mine.settings != theirs.settings:
                reason = _("different settings of {subject}", subject=mine.subject)
            if reason:
                yield _contradiction(scenario, one, other, reason)


def _undone_by(one: Operation, other: Operation) -> Message | str:
    """In which way one operation is undone by another, whatever the scenario; empty if it is not."""
    mine, theirs = one.settings, other.settings
    match one.do, other.do:
        case "drop-forums", "add-forum":
            which, new = mine["which"], theirs["forum"]
            if which in ("all", theirs["function"]) or (which == "exclusive" and theirs["exclusive"]):
                return _("one drops forums ({which}), the other adds one ({forum})", which=which, forum=new)
        case "one-level", "add-forum" if mine["function"] == theirs["function"]:
            said = mine["function"]
            return _("one keeps a single level of forums ({function}), the other adds a forum", function=said)
    return ""


def _idle(scenario: Scenario, lever: Lever, alone: _Pulled) -> Iterator[Problem]:
    """A lever that changes nothing by itself."""
    if not alone.problems and content(alone.result) == content(scenario) and not scenario.problems():
        what = joined("; ", (IDLE, *alone.notes))
        yield Problem(quoted(scenario.name), lever.called, what, code="idle")


def _contradiction(scenario: Scenario, one: Lever, other: Lever, reason: Message | str) -> Problem:
    place = quoted(scenario.name)
    if one is other:
        return Problem(place, one.called, _("contradicts itself: {reason}", reason=reason))
    both = _("levers {one} and {other}", one=quoted(one.name), other=quoted(other.name))
    if one.dial or other.dial:
        both = _("{one} and {other}", one=one.called, other=other.called)
    return Problem(place, both, _("contradict each other: {reason}", reason=reason))


@dataclass
class _Pulled:
    """Levers pulled in a scenario, references not yet checked; what is wrong, and what had to be left out."""

    scenario: Scenario
    levers: Sequence[Lever]
    problems: list[Problem] = field(default_factory=list)
    notes: list[Message | str] = field(default_factory=list)

    def __post_init__(self) -> None:
        structure = self._structure()
        numbers, asked = dict(addresses.places(structure)), dict[Address, list[Asked]]()
        for lever in self.levers:
            for change in lever.changes:
                found = places(change.target, structure, numbers)
                if not found:
                    self._miss(lever, change.target.missing, change.optional)
                for place in found:
                    asked.setdefault(place, []).append(Asked(lever.name, change.how, change.amount))
        changed = numbers_changed(structure, numbers, asked, self._contradict)
        self.result = self._fitted(changed, structure)

    def _structure(self) -> Scenario:
        order = list(OPERATIONS)
        asked = [(item, lever) for lever in self.levers for item in lever.operations]
        asked.sort(key=lambda pair: (order.index(pair[0].do), pair[0].subject, pair[1].name))
        result, done = self.scenario, set[str]()
        for operation, lever in asked:
            if operation.subject not in done:
                done.add(operation.subject)
                try:
                    result = self._fitted(operation.apply(result), result)
                except Unfit as reason:
                    self._miss(lever, reason.args[0], operation.optional)
        return result

    def _fitted(self, made: Scenario, before: Scenario) -> Scenario:
        fitted, fittings = (made, tuple[Fitting, ...]()) if made is before else fit(made, before)
        self.notes += summed_up(fittings)
        return fitted

    def _contradict(self, place: Address, one: Asked, other: Asked) -> None:
        asks = [joined(" ", (ASKS[item.how], f"{item.amount.value:g}")) for item in (one, other)]
        reason = joined(": ", (str(place), _("{one} and {other}", one=asks[0], other=asks[1])))
        first, second = (next(it for it in self.levers if it.name == asked.lever) for asked in (one, other))
        self.problems.append(_contradiction(self.scenario, first, second, reason))

    def _miss(self, lever: Lever, reason: Message | str, optional: bool) -> None:
        if optional:
            said = _("{lever}: {reason}; the rest of it is done", lever=lever.called, reason=reason)
            self.notes.append(said)
        else:
            what = _("cannot be pulled: {reason}", reason=reason)
            self.problems.append(Problem(quoted(self.scenario.name), lever.called, what))
