"""Scenarios from tables and as tables: one way in for files and for what was made in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import frozen, plain
from tverretatlig_sim.scenario.compose import Composed, compose
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, among, is_, listed, quoted
from tverretatlig_sim.scenario.files import PARTS, Folders, Raw, Value, shipped_folder, toml_text
from tverretatlig_sim.scenario.fit import fit, summed_up
from tverretatlig_sim.scenario.parameters import checked_overrides
from tverretatlig_sim.scenario.quantity import keep_files
from tverretatlig_sim.scenario.references import reference_problems
from tverretatlig_sim.scenario.resolved import Resolved
from tverretatlig_sim.scenario.schema import Table
from tverretatlig_sim.scenario.validate import checked
from tverretatlig_sim.scenario.whole import Actors, ScenarioFile, WholeScenario


@dataclass(frozen=True)
class Scenario(Resolved):
    """One arrangement, one portfolio and one calendar of letters, ready to be simulated; see ``Resolved``."""

    def __repr__(self) -> str:
        made = "".join(f"\n  {line.text}" for line in self.changes)
        try:
            rows = {"agencies": self.agencies, "ministries": self.ministries, "forums": self.forums}
            rows["projects"] = self.portfolio.project
            has = ", ".join(f"{len(found)} {name}" for name, found in rows.items())
        except (AttributeError, TypeError):  # made in memory of what is no scenario's; ``problems`` says what
            has = "not sound"
        return f"<Scenario {self.name}, from {self.start}: {has}>{made}"

    @classmethod
    def from_dict(cls, table: Mapping[str, Value]) -> Scenario:
        """A scenario from a table such as ``to_dict`` gives or a scenario file holds; it has no path.

        Args:
            table: its parts stand in it, or are named and come with the package. What misses something that
                an arrangement leaves out with ``without`` is fitted, as in a file.

        Raises:
            ScenarioError: with all problems of the table and its parts.
        """
        return built(composed_table(table))

    def to_dict(self) -> Raw:
        """Everything the scenario says in one table, from which ``from_dict`` makes an equal one."""
        ministries = [*self.ministries, *self.beyond_ministries]
        whole = ScenarioFile.model_construct(
            **{
                name: getattr(self, name)
                for name in ScenarioFile.model_fields.keys() - {"actors", "parameters"}
            },
            parameters=dict(self.parameters),
            actors=Actors.model_construct(ministry=ministries, agency=[*self.everyone]),
        )
        # No warnings: of a scenario made in memory anything may be said, and is checked later.
        table = whole.model_dump(exclude_defaults=True, exclude_none=True, warnings=False)
        changes: Raw = {key: plain(table[key]) for key in ("then", "beside") if key in table}
        return {**table, **changes, "parameters": table.get("parameters", {})}

    def to_toml(self) -> str:
        """The text of one scenario file that holds everything, and needs no other file."""
        return toml_text(self.to_dict())

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with a scenario that was made in memory, as with a file; empty if nothing is."""
        try:
            self.checked()
        except ScenarioError as error:
            return error.problems
        return ()

    def checked(self) -> Scenario:
        """What a scenario that was made in memory says, read as a file would be; itself if it was read so.

        Nothing in what is returned can be changed, so what is computed of it stays true.

        Raises:
            ScenarioError: with everything that is wrong with it.
        """
        if "_sound" in vars(self):
            return self
        if "_checked" not in vars(self):
            object.__setattr__(self, "_checked", sound(self._read_again()))
            sound(self, "_frozen")
        made: Scenario = vars(self)["_checked"]
        return made

    def validate(self) -> None:
        """Refuse what is not sound.

        Raises:
            ScenarioError: with everything that is wrong with it.
        """
        self.checked()

    def _read_again(self) -> Scenario:
        origin = self.origin
        try:
            table = plain(self.to_dict())
            members = {row.agency for row in self.arrangement.member}
            names = {agency.name for agency in self.agencies}
        except (AttributeError, TypeError) as error:
            what = _("holds something that no file can say: {reason}", reason=error)
            raise origin.refusal("", what) from error
        problems = [
            origin.problem(place, _("unknown key"), *among(key, known))
            for place, key, known in _unknown(vars(self).values())
        ]
        found = Scenario.of(read_of(compose(table, origin, Folders(()), self.name)), self.path)
        if names != members:
            said = is_(", ".join(sorted(map(str, names))))
            problems.append(origin.problem("agencies", said, listed(members), code="disagrees"))
        if problems:
            raise ScenarioError(problems)
        keep_files(vars(self), vars(found))
        return replace(found, levers=self.levers, notes=self.notes, changes=self.changes)


def _unknown(values: Iterable[object], place: str = "") -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """What stands in models that have no field for it: where, how it is called, and the fields there are."""
    for value in values:
        if isinstance(value, Table):
            here, known, own = getattr(value, "name", place), type(value).model_fields, vars(value)
            yield from ((f"{here}, {key}", key, known) for key in own.keys() - known)
            yield from _unknown(own.values(), here)
        elif isinstance(value, list | tuple):
            yield from _unknown(value, place)


def composed_table(table: Mapping[str, Value]) -> Composed:
    """A scenario's table with the parts and actors of the package that it names."""
    if not isinstance(table, Mapping):
        raise TypeError(_("a scenario is given by its name, the path of its file or a table"))
    named = plain({"name": "scenario", **table})
    return compose(named, Origin(quoted(named["name"])), Folders((shipped_folder().absolute(),)), "inline")


def built(whole: Composed, path: Path | None = None) -> Scenario:
    """The scenario of a composed table, in which whatever misses what was left out is fitted.

    Raises:
        ScenarioError: with everything that is wrong with the table.
    """
    left = any(whole.left.values())
    try:
        model = read_of(whole, references=not left)
    except ScenarioError:
        if left:  # what is wrong with references is not what was left out
            built(whole.restored(), path)
        raise
    if left and reference_problems(whole, model):
        before = built(whole.restored(), path)
        fitted, fittings = fit(Scenario.of(model, path), before)
        return replace(fitted, notes=(*fitted.notes, *summed_up(fittings))).checked()
    return sound(Scenario.of(model, path))


def sound(scenario: Scenario, mark: str = "_sound") -> Scenario:
    """The scenario, marked as one that is known to be sound; nothing in it can be changed any more."""
    for name, value in vars(scenario).items():
        object.__setattr__(scenario, name, frozen(value))
    # No field: what is made of a scenario with dataclasses.replace has to be checked again.
    object.__setattr__(scenario, mark, True)
    return scenario


def read_of(whole: Composed, *, references: bool = True) -> WholeScenario:
    """The tables of a scenario, checked one by one and, unless that is to come, against each other.

    Raises:
        ScenarioError: with everything that is wrong with them.
    """
    raw, found = whole.raw, list[Problem]()
    parameters = checked_overrides(raw.get("parameters", {}), whole.origin, found)
    model = checked(WholeScenario, raw.having({"parameters": parameters}), whole.origin, found)
    # A part that could not be found is a problem already.
    found = [item for item in found if not (item.code == "missing" and str(item.place) in PARTS)]
    head = [item for item in found if item.file == whole.origin.file]
    problems = [*head, *whole.problems, *found]
    problems += reference_problems(whole, None if problems else model) if references else []
    if problems or model is None:
        raise ScenarioError(problems)
    return model
