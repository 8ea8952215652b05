"""Change this arrangement: fields with today's values, and what lines do, force and give, as documents."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from tverretatlig_sim.app.library import SINCE, Library
from tverretatlig_sim.app.page import spoken
from tverretatlig_sim.app.query import THEMES, Change
from tverretatlig_sim.app.view import Document
from tverretatlig_sim.dates import shifted
from tverretatlig_sim.i18n import joined, label, reason
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.edits import LISTS
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.scenario.fit import is_secretariat
from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.scenario.overlay import DIAL, LEVER, MEMBERS, SECRETARIAT, Line, line_of
from tverretatlig_sim.scenario.quantity import Bounds, Quantity, number_fields
from tverretatlig_sim.scenario.schema import LINE, Named, Table
from tverretatlig_sim.scenario.targets import mean_of
from tverretatlig_sim.show.changes import called, field_called, forced, said, titled, value_called
from tverretatlig_sim.show.rows import Word, plain
from tverretatlig_sim.study.effects import in_the_end

FIELDS: Mapping[str, str] = {
    "forum": "function seats cadence rule chair authority agenda quorum served_by begins ends",
    "arrangement": "coordinator lead_authority route self_initiated_route mandate_body mandate_clarity"
    " project_clarity stop_points follow_up facilitator delivery programme_resources turnover",
    "letter": "to strength resources begins ends",
    "ministry_forum": "function seats cadence rule begins ends",
    "project": "lead members start deadline size",
}
"""Fields of the form, by kind of entry."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "members": (MEMBERS,),
    "forum": ("forum[all].cadence",),
    "secretariat": (SECRETARIAT,),
    "arrangement": (),
    "letter": ("letter[all].strength", "letter[all].resources"),
    "ministry_forum": (),
    "project": (),
    "lever": (),
    "dial": (),
}
"""Groups of the form, in order, and fields that stand before their entries."""
NEW: Mapping[str, Mapping[str, Any]] = {
    "forum": {"function": "steer", "seats": "all", "cadence": 1},
    "ministry_forum": {"function": "steer", "seats": "all", "cadence": 2},
    "letter": {"to": "all", "strength": 0.6},
}
"""What a new entry is, until its fields are changed."""
AGENCIES = ("coordinator", "lead", "members", "to")
BODIES = ("route", "self_initiated_route", "mandate_body", "facilitator", "served_by")
"""Fields that name agencies, and forums; others name whoever can have a seat."""
MONTHS = ("begins", "ends", "start")
FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}
"""Kinds of file that a brief comes as."""
SCRIPT_LABELS = """
lost idle add_first remove forces otherwise count found working runs making ready download restored
"""
"""Labels (``change.…``) that the page's script places."""


@dataclass(frozen=True)
class Form:
    """What is changed, and what comes of it.

    Attributes:
        choice: the base and its change.
        library: what can be chosen.
    """

    choice: Change
    library: Library

    @property
    def base(self) -> Scenario:
        """What is changed."""
        return self.library.scenarios[self.choice.a.scenario]

    @property
    def made(self) -> Scenario:
        """What it is changed into, without the lines that cannot be made."""
        return self.library.changed(self.choice.b)[0]

    @property
    def faults(self) -> Mapping[str, ScenarioError]:
        """Why lines cannot be made, by key."""
        return self.library.changed(self.choice.b)[1]

    @property
    def lines(self) -> dict[str, Line]:
        """The lines that could be made, by key, with what they force."""
        return {line.key: line for line in self.made.changes[len(self.base.changes) :]}

    @property
    def given(self) -> dict[str, Any]:
        """The values of all lines that can be read, by key."""
        found: dict[str, Any] = {}
        for text in self.choice.b.lines:
            try:
                line = line_of(text)
            except ScenarioError:
                key, _sign, value = text.partition("=")
                found[key.strip()] = value.strip()
                continue
            found[line.key] = line.value
        return found

    # --- fields

    def groups(self) -> list[Document]:
        """Every group with its fields and entries, as they are today and as they are now."""
        today, now = (_then(it, self.choice.b.since) for it in (self.base, self.made))
        made: list[Document] = [
            {
                "name": name,
                "title": label(f"change.group.{name}"),
                "note": label(f"change.note.{name}"),
                "add": name if name in NEW else "",
                "fields": [*self._leading(name, today, now)],
                "entries": [*_entries(name, today, now)] if name in LISTS else [],
            }
            for name in GROUPS
        ]
        for number, field in enumerate(_all_of(made)):
            field["id"] = f"f{number}"
            if "about" in field:
                field["about"] = " · ".join(filter(None, [field["hint"], _today(field), field["about"]]))
        return made

    def _leading(self, group: str, today: Scenario, now: Scenario) -> Iterator[Document]:
        given = self.given
        if group == "arrangement":
            yield from _fields("arrangement", today.arrangement, now.arrangement, now)
        elif group == LEVER:
            levers = sorted(self.library.levers.values(), key=lambda it: str(it.title))
            for it in levers:
                yield _field(f"{LEVER}.{it.name}", it.title, "tick", False, f"{LEVER}.{it.name}" in given,
                             hint=str(it.meaning))  # fmt: skip
        elif group == DIAL:
            for dial in self.library.dials.values():
                key = f"{DIAL}.{dial.name}"
                yield _field(key, dial.title, "number", "", _shown(given.get(key, "")), dial.bounds,
                             hint=str(dial.meaning))  # fmt: skip
        for key in GROUPS[group]:
            if key == MEMBERS:
                yield self._members(today, now)
            elif key == SECRETARIAT:
                before, after = (_shown(round(in_the_end(it).staff, 2)) for it in (today, now))
                yield _field(key, label("change.secretariat"), "number", before, after)
            elif (mean := mean_of(key, today)) == mean:
                hint = label("change.mean", mean=plain(float(f"{mean:.2g}")))
                yield _field(key, _target(key), "number", "", _shown(given.get(key, "")), hint=hint)

    def _members(self, today: Scenario, now: Scenario) -> Document:
        """Who takes part, and other agencies that the library describes."""
        agencies = {it.name: it for other in self.library.scenarios.values() for it in other.agencies}
        agencies |= {it.name: it for it in today.agencies}
        members = [it.name for it in today.agencies]
        others = sorted({*agencies} - {*members}, key=lambda name: titled(agencies[name], today))
        return {
            **_field(MEMBERS, label("change.members"), "names", members, [it.name for it in now.agencies]),
            "options": [[name, titled(agencies[name], today)] for name in members],
            "others": [[name, titled(agencies[name], today)] for name in others],
            "others_title": label("change.others"),
        }

    # --- documents

    def page(self, notices: Sequence[str]) -> Document:
        """The variables of the page's template.

        Args:
            notices: what to say about the address.
        """
        choice = self.choice
        titles = {name: str(it.title) for name, it in self.library.scenarios.items()}
        return {
            **spoken(choice.lang),
            "choice": choice,
            "notices": notices,
            "themes": THEMES,
            "title": str(self.base.title),
            "scenarios": [(name, title, name == choice.a.scenario) for name, title in titles.items()],
            "months": (self.base.start, shifted(self.base.start, self.base.default_months - 1)),
            "groups": self.groups(),
            "formats": FORMATS,
            "data": {
                "base": choice.a.scenario,
                "rest": choice.rest,
                "lines": [*self.given.items()],
                "new": self._new(),
                "words": {key: label(f"change.{key}") for key in SCRIPT_LABELS.split()},
                "answer": self.said(),
            },
        }

    def said(self) -> Document:
        """What the lines do and force, what is wrong with them, and the fields that are not as today."""
        fields = {it["key"]: it for it in _all_of(self.groups())}
        lines = self.lines
        return {
            "lines": [
                {
                    "key": key,
                    "said": said(lines[key], self.base) if key in lines else self._about(key, fields),
                    "idle": key in lines and not (lines[key].changes or lines[key].lever),
                    "fault": _words(self.faults[key]) if key in self.faults else "",
                    "forced": [*self._forced(lines[key], fields)] if key in lines else [],
                }
                for key in self.given
            ],
            "since": _words(self.faults[SINCE]) if SINCE in self.faults else "",
            "now": {key: it["value"] for key, it in fields.items() if it["value"] != it["today"]},
            "notes": [str(note) for note in self.made.notes if note not in self.base.notes],
            "command": self.command(label("change.file")),
        }

    def _about(self, key: str, fields: Mapping[str, Document]) -> str:
        """What a line that cannot be made is about."""
        entry = next((it for it in fields if key.startswith(f"{it}.") and key in fields), "")
        words = [fields[it].get("label") or fields[it]["title"] for it in (entry, key) if it in fields]
        return ": ".join(words) or key

    def _forced(self, line: Line, fields: Mapping[str, Document]) -> Iterator[Document]:
        for it in forced(line, self.base, self.made):
            more = label("changed.more", n=it.more) if it.more else ""
            places = [[_field_at(place, fields), words] for place, words in it.places.items()]
            yield {"rule": it.rule[:1].upper() + it.rule[1:], "places": places, "more": more}

    def _new(self) -> dict[str, dict[str, Any]]:
        """What an entry that is added is, by its kind."""
        sent = {"ministries": [it.name for it in self.base.ministries]}
        letter = {**NEW["letter"], **sent, "begins": self.choice.b.since or self.base.start}
        return {kind: letter if kind == "letter" else dict(table) for kind, table in NEW.items()}

    def command(self, name: str) -> str:
        """What makes the same on the command line.

        Args:
            name: of the file.
        """
        since = ["--since", self.choice.b.since] if self.choice.b.since else []
        words = [self.choice.a.scenario, *(it.text for it in self.lines.values()), *since]
        return shlex.join(["tverretatlig", "edit", *words, "--out", f"{name}.toml"])


def _field_at(place: str, fields: Mapping[str, Document]) -> str:
    """The key of the field that shows a place; empty if the form has none."""
    return next((key for key in (place, f"ministry_{place}") if key in fields), "")


def _all_of(groups: Sequence[Document]) -> Iterator[Document]:
    """Every field, entries among them."""
    for group in groups:
        yield from group["fields"]
        for entry in group["entries"]:
            yield entry
            yield from entry["fields"]


def _then(scenario: Scenario, since: str) -> Scenario:
    """What a change is a change of, or has become: from a month on, what there is last."""
    return replace(phases(scenario)[-1][1], then=()) if since else scenario


def _entries(kind: str, today: Scenario, now: Scenario) -> Iterator[Document]:
    """Every entry of a kind, those that are there today first."""
    old, new = ({row.name: row for row in _rows(kind, it)} for it in (today, now))
    for name in {**old, **new}:
        row = new.get(name) or old[name]
        yield {
            "key": f"{kind}.{name}",
            "title": titled(row, today if name in old else now),
            "kind": "tick",
            "today": name in old,
            "value": name in new,
            "origin": reason(row.source),
            "fields": [*_fields(f"{kind}.{name}", old.get(name), row, now)],
        }


def _rows(kind: str, scenario: Scenario) -> Sequence[Named]:
    rows: Sequence[Named] = getattr(getattr(scenario, LISTS[kind]), kind)
    return rows


def _fields(at: str, today: Table | None, now: Table, scenario: Scenario) -> Iterator[Document]:
    """The fields of an entry; without values of today if it is new."""
    numbers, kind = number_fields(type(now)), at.partition(".")[0]
    for name in FIELDS[kind].split():
        held, before = getattr(now, name), getattr(today, name) if today else getattr(now, name)
        key, heading = f"{at}.{name}", field_called(name)
        choices = get_args(type(now).model_fields[name].annotation)
        if name in numbers:
            yield _field(key, heading, "number", _shown(before), _shown(held), numbers[name],
                         origin=_origin(before))  # fmt: skip
        elif name in MONTHS:
            yield _field(key, heading, "month", before or "", held or "")
        elif choices and all(isinstance(it, str) for it in choices):
            yield {**_field(key, heading, "choice", before, held),
                   "options": [[it, value_called(it)] for it in choices]}  # fmt: skip
        else:
            yield _named(key, heading, before, held, scenario)


def _named(key: str, heading: str, before: Any, held: Any, scenario: Scenario) -> Document:  # noqa: ANN401
    """A field that names agencies, ministries or forums: one of them, or several."""
    name = key.rpartition(".")[2]
    members, ministries = (
        [[it.name, titled(it, scenario)] for it in rows] for rows in (scenario.agencies, scenario.ministries)
    )
    bodies = [[it.name, titled(it, scenario)] for it in scenario.arrangement.forum]
    line = [[LINE, label(LINE)]] if name in ("route", "self_initiated_route") else []
    if name == "served_by":
        own, staffed = key.split(".")[1], filter(is_secretariat, scenario.arrangement.forum)
        bodies = [[it.name, titled(it, scenario)] for it in staffed if it.name != own]
    options, others = [*line, *bodies], list[list[str]]()
    if name not in BODIES:
        options = members if name in AGENCIES or not key.startswith("ministry") else ministries
        others = [] if name in AGENCIES else ministries if options is members else members
    known = {it[0] for it in (*options, *others)}
    several = isinstance(held, list) or name.endswith("route")
    now, was = ([*(it or [])] if several else it or "" for it in (held, before))
    chosen: Sequence[Any] = now if several else [now]
    options += [[it, called(it, scenario)] for it in chosen if it and it not in known]
    if not several:
        nobody = [] if name == "lead" else [["", label("changed.nobody")]]
        return {**_field(key, heading, "choice", was, now),
                "options": [*nobody, *options, *others]}  # fmt: skip
    if name in BODIES:  # in the order in which they decide
        options.sort(key=lambda it: now.index(it[0]) if it[0] in now else len(now))
    return {**_field(key, heading, "names", was, now), "options": options, "others": others,
            "all": name not in BODIES, "others_title": label("change.other_seats")}  # fmt: skip


def _field(
    key: str,
    heading: object,
    kind: str,
    today: Any,  # noqa: ANN401
    value: Any,  # noqa: ANN401
    bounds: Bounds | None = None,
    *,
    origin: str = "",
    hint: str = "",
) -> Document:
    words = str(heading)
    field: Document = {"key": key, "label": words[:1].upper() + words[1:], "kind": kind, "hint": hint}
    field |= {"today": today, "value": value, "others": [], "all": False}
    field["shown"] = _point(value) if kind == "number" else value
    field["about"] = origin or (str(bounds.allowed) if bounds else "")
    return field


def _today(field: Document) -> str:
    """What stands in a field today, in words; nothing for ticks, and where a hint says it."""
    today = field["today"]
    if field["kind"] == "tick" or (field["kind"] == "number" and field["hint"]):
        return ""
    words = dict(field.get("options", ()))
    if field["kind"] == "names":
        words_of = str(len(today))
    else:
        words_of = words.get(today, _point(today)) if today else label("changed.unset")
    return label("change.today", value=words_of)


def _point(digits: str) -> str:
    """A number as a line writes it, as readers of the language do."""
    return digits.replace(".", label("number.point")) if digits[:1].isdigit() else digits


def _shown(number: Quantity | float | str | None) -> str:
    """A number as a line writes it; empty where there is none."""
    if number is None or isinstance(number, str):
        return number or ""
    return f"{float(number):g}" if isinstance(number, Quantity | int | float) else str(number)


def _origin(number: Quantity | None) -> str:
    """The range, grade and source of a number."""
    if number is None:
        return ""
    low, high = (plain(round(end, 1 if end >= 1 else 2)) for end in number.span)
    ends = label("change.range", low=low, high=high) if low != high else ""
    return " · ".join(filter(None, [ends, str(Word(number.grade)), reason(number.source)]))


def _target(key: str) -> str:
    found = label(f"target.{key}")
    return field_called(key.rpartition(".")[2]) if found == f"target.{key}" else found


def _words(error: ScenarioError) -> str:
    """What is wrong and what is allowed, without the file and the place, which stand beside it."""
    said = [
        joined("; ", (it.what, label("change.allowed", allowed=it.allowed) if it.allowed else "", it.hint))
        for it in error.problems
    ]
    return " ".join(dict.fromkeys(f"{str(it)[:1].upper()}{str(it)[1:]}." for it in said))
