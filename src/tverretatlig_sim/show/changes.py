"""What a user changed in a scenario, in words, and the file that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tverretatlig_sim.dates import shifted
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.addresses import entries
from tverretatlig_sim.scenario.edits import LISTS, Change
from tverretatlig_sim.scenario.files import toml_line
from tverretatlig_sim.scenario.fit import RULES, by_rule
from tverretatlig_sim.scenario.levers import load_lever
from tverretatlig_sim.scenario.overlay import HEX, MEMBERS, SECRETARIAT, Line, fingerprint, parts_of
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import LINE, Letter, Named, Title
from tverretatlig_sim.scenario.targets import mean_of, vocabulary
from tverretatlig_sim.scenario.whole import KINDS
from tverretatlig_sim.show.rows import Heading, Part, plain

HEIRS = ("lead", "chair", "secretariat", "facilitator", "duties")
"""Rules whose sentence says who takes over."""
MOST, SHOWN = 4, 8
"""Names and short names that a sentence still lists."""
DATES = (".begins", ".ends")
TRIED: Mapping[str, Any] = {
    "arrangement.follow_up": 0.7, "arrangement.mandate_clarity": 0.8, "arrangement.project_clarity": 0.8,
    "arrangement.stop_points": 3, "forum[all].cadence": 1, "letter[all].strength": 0.8,
}  # fmt: skip
"""What a new file suggests to try."""


def called(name: str, *scenarios: Scenario) -> str:
    """What readers call an agency, forum, project, letter or ministry; the name itself if it has no title."""
    for scenario in scenarios:
        for _at, row in entries(scenario):
            if isinstance(row, Named) and row.name == name and (row.title or isinstance(row, Letter)):
                return titled(row, scenario)
    return label(name) if name == LINE else name


def titled(row: Named, scenario: Scenario) -> str:
    """The title of an entry; of a letter without one, what it is about, or whom it asks; else its name."""
    if row.title:
        return str(row.title)
    if isinstance(row, Letter) and row.projects:
        return label("letter.about", what=", ".join(called(it, scenario) for it in row.projects))
    if isinstance(row, Letter):
        few = ", ".join(row.to) if len(row.to) <= MOST else label("letter.many", n=len(row.to))
        return label("letter.to", who=few, date=row.begins)
    return row.name


def said(line: Line, base: Scenario) -> str:
    """A line in words, with what stood there before; it begins with a capital letter.

    Args:
        line: of ``changes`` of a scenario that was made of the base.
        base: the scenario that was changed.
    """
    words = str(load_lever(line.lever).title) if line.lever else _said(line, base)
    return words[:1].upper() + words[1:]


def _said(line: Line, base: Scenario) -> str:
    key, value = line.key, line.value
    kind, *names = parts_of(key)
    own = [it for it in line.changes if it.code == "set" and it.address.startswith(key)]
    if key == MEMBERS:
        return _members({*value}, base)
    if key == SECRETARIAT:
        now = sum(float(it.secretariat_fte) for it in base.arrangement.forum)
        return label("changed.secretariat", n=plain(value), before=plain(now))
    if key in vocabulary():
        found = label(f"target.{key}")
        field = field_called(key.rpartition(".")[2]) if found == f"target.{key}" else found
        mean = float(f"{mean_of(key, base):.2g}")
        return label("changed.mean", field=field, after=plain(value), before=plain(mean))
    who = called(names[0], base) if kind in KINDS and KINDS[kind][1] else ""
    if kind in LISTS and isinstance(value, Mapping) and isinstance(value.get("title"), Mapping):
        who = str(Title(**value["title"]))
    if kind in LISTS and value is False:
        return label("changed.removed", who=who)
    if kind in LISTS and any(it.code == "added" for it in line.changes):
        return label("changed.added", who=who.replace("-", " ") if who == names[0] else who)
    parts = [_field(it, base) for it in own] or [
        _set(field_called(key.rpartition(".")[2]), _value(value, base))
    ]
    return ": ".join(filter(None, [who, "; ".join(parts)]))


def _members(now: set[str], base: Scenario) -> str:
    """How many take part, and who leaves and joins where these are few."""
    before = {agency.name for agency in base.agencies}
    words = label("changed.members", n=len(now), before=len(before))
    few = {
        key: [called(name, base) for name in sorted(names)]
        for key, names in (("removed", before - now), ("added", now - before)) if 0 < len(names) <= MOST
    }  # fmt: skip
    parts = [label(f"changed.{key}", who=", ".join(names)) for key, names in few.items()]
    if not parts and now != before and len(now) <= SHOWN:
        parts = [", ".join(sorted(now))]
    return f"{words} ({'; '.join(parts)})" if parts else words


def _field(change: Change, base: Scenario) -> str:
    field = field_called(change.address.rpartition(".")[2])
    names = isinstance(change.after or change.before, str | list) and not change.address.endswith(DATES)
    empty = label("changed.nobody" if names else "changed.unset")
    values = (change.after, change.before)
    return _set(field, *(empty if it in (None, "", []) else _value(it, base) for it in values))


def field_called(field: str) -> str:
    """What readers call a field."""
    found = label(f"field.{field}")
    return label(field) if found == f"field.{field}" else found


def _set(field: str, after: str, before: str = "") -> str:
    return label("changed.set" if before else "changed.same", field=field, after=after, before=before)


def _value(value: object, base: Scenario) -> str:
    if isinstance(value, bool) or value is None or value in ("", []):
        return label("yes" if value else "no")
    if isinstance(value, list | tuple):
        return ", ".join(_value(item, base) for item in value)
    if isinstance(value, Quantity | int | float):
        return plain(float(value))
    found = value_called(str(value))
    return called(found, base) if found == value else found


def value_called(value: str) -> str:
    """What readers call a rule of decision or a function; names of entries as they are."""
    keys = (f"rule.decide.{value}", f"field.{value}", value)
    return next((found for key in keys if (found := label(key)) != key), value)


@dataclass(frozen=True)
class Forced:
    """What a line forced elsewhere by one rule.

    Attributes:
        rule: the rule, in a sentence.
        places: what gave way, as readers know it, by the address of its field.
        more: how many others did.
    """

    rule: str
    places: Mapping[str, str]
    more: int

    def __str__(self) -> str:
        rest = [label("changed.more", n=self.more)] if self.more else []
        return f"{self.rule}: {', '.join([*self.places.values(), *rest])}"


def forced(line: Line, base: Scenario, after: Scenario) -> Iterator[Forced]:
    """What a line forced elsewhere, rule by rule, with names as readers know them."""
    for code, names in by_rule(line.fittings).items():
        found = {it.name: it for it in line.fittings if it.code == code}
        shown = dict[str, str]()
        for name in names:
            heirs = found[name].after if code in HEIRS else ()
            now = ", ".join(called(it, after, base) for it in heirs)
            words = called(name.partition("/")[0], base, after)
            words += f" ({label('changed.now', who=now)})" if now else ""
            if words not in shown.values():
                shown[found[name].place] = words
        yield Forced(str(RULES[code]), dict([*shown.items()][:MOST]), len([*shown][MOST:]))


def changes_parts(base: Scenario, change: Scenario) -> list[Part]:
    """Every line and what it forced, numbered."""
    parts: list[Part] = [Heading(label("changed.title", title=base.title))]
    for number, line in enumerate(change.changes, start=1):
        idle = "" if line.changes or line.lever else f" ({label('changed.nothing')})"
        rest = [f"   – {sentence}" for sentence in forced(line, base, change)]
        parts.append("\n".join([f"{number}. {said(line, base)}{idle}", *rest]))
    return parts


# --- the file


def overlay_text(
    base: Scenario, lines: Iterable[Line], name: str, *, since: str | None = None, suggest: bool = False
) -> str:
    """The text of a file that names its base and holds what is changed in it.

    Args:
        base: what is changed.
        lines: what its user changes.
        name: of the changed scenario.
        since: first month in which the changes hold.
        suggest: whether more that could be changed stands there, as comments.
    """
    title = {"en": f"{base.title.en}, changed", "nb": f"{base.title.nb}, endret"}
    head = {"name": name, "title": title, "base": base.name, "base_hash": fingerprint(base)[:HEX]}
    rows = [_row(line.key, line.value, said(line, base)) for line in lines]
    known = {line.key for line in lines}
    if suggest:
        rows += ["", f"# {label('changed.suggested')}"]
        rows += [f"# {_row(*it)}" for it in _suggestions(base) if it[0] not in known]
    example = f"# {toml_line('since', shifted(base.start, 12))}  # {label('changed.since')}"
    date = toml_line("since", since) if since else example
    top = [f"# {line}" for line in label("changed.file", title=base.title, name=name).splitlines()]
    return "\n".join([*top, "", *(toml_line(*it) for it in head.items()), date, "", "[change]", *rows, ""])


def _row(key: str, value: Any, words: str = "") -> str:  # noqa: ANN401
    return "\n".join([*([f"# {words}"] if words else []), toml_line(key, value)])


def _suggestions(base: Scenario) -> Iterator[tuple[str, Any]]:
    """Lines to try, with today's members and forums as they are."""
    yield from ((key, value) for key, value in TRIED.items() if mean_of(key, base) == mean_of(key, base))
    yield MEMBERS, [agency.name for agency in base.agencies]
    for forum in base.arrangement.forum:
        yield (
            f"forum.{forum.name}",
            {"cadence": float(forum.cadence), "rule": forum.rule, "seats": [*forum.seats]},
        )
    yield SECRETARIAT, round(sum(float(it.secretariat_fte) for it in base.arrangement.forum), 2)
    yield from ((f"project.{it.name}.lead", it.lead) for it in base.portfolio.project[:1])
