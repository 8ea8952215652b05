"""Words: everything the program says is in every catalogue, and is said in the language of now."""

from __future__ import annotations

import ast
import pickle
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import click
import pytest

import tverretatlig_sim
from speaking import catalogue, labels, norwegian
from tverretatlig_sim import i18n
from tverretatlig_sim.cli.base import paragraphs
from tverretatlig_sim.cli.commands import tverretatlig
from tverretatlig_sim.i18n import CLAUSE, LANGUAGES, Message, _, joined, label, ngettext, reason, use_language
from tverretatlig_sim.scenario import Quantity, ScenarioError, list_scenarios, load_scenario, parameter_specs
from tverretatlig_sim.scenario.evidence import facts
from tverretatlig_sim.scenario.evidence import numbers as evidence_of
from tverretatlig_sim.scenario.levers import list_levers, load_lever

PACKAGE = Path(tverretatlig_sim.__file__).parent
NORWEGIAN = {
    entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in catalogue("nb") if entry.id
}
SPEAKING = {
    **dict.fromkeys(("ValueError", "StoreError", "DamagedPartError", "OutputError", "Unfit"), 0),
    **dict.fromkeys(("Refusal", "Failure", "Stopped", "UsageError", "BadParameter"), 0),
    **{"Problem": 2, "problem": 1, "_failure": 2, "_refuse": 1, "_fault": 1, "fault": 1},
}
"""What takes messages, and the first of its arguments that is one."""
FOR_PROGRAMMERS = ("mesa_model.py", "show/plots/", "world/", "kernel/", "i18n.py")
"""Where errors speak to who writes Python: no command raises them."""


@cache
def trees() -> dict[str, ast.Module]:
    return {p.relative_to(PACKAGE).as_posix(): ast.parse(p.read_text("utf-8")) for p in PACKAGE.rglob("*.py")}


@cache
def calls_by_name() -> dict[str, list[tuple[str, ast.Call]]]:
    found: dict[str, list[tuple[str, ast.Call]]] = {}
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                found.setdefault(name, []).append((file, node))
    return found


def calls(name: str) -> list[tuple[str, ast.Call]]:
    return calls_by_name().get(name, [])


def reasons() -> Iterator[str]:
    """Where every number and fact of the shipped scenarios, and every number of levers, is from."""
    for scenario in map(load_scenario, list_scenarios()):
        yield from (number.source for number in evidence_of(scenario))
        yield from (fact.source for fact in facts(scenario))
    for lever in map(load_lever, list_levers()):
        yield lever.source
        rows = [*lever.changes, *lever.operations]
        yield from (it.source for row in rows for it in vars(row).values() if isinstance(it, Quantity))


@pytest.mark.slow
def test_every_reason_in_the_shipped_files_has_a_norwegian_form() -> None:
    clauses = {clause for source in reasons() for clause in CLAUSE.split(source) if clause}
    assert len(clauses) > 500
    told = re.compile(r"(?:(?:DEL19|DFO25|DIFI14|DIFI17|RAD17|advice|[0-9.,]+)\s*)+")
    assert sorted(it for it in clauses if not told.fullmatch(it) and it not in NORWEGIAN) == []


def test_a_reason_is_told_clause_by_clause_and_stays_as_written_where_there_is_no_other() -> None:
    source = "RAD17 advice 3; no source measures it; as we see it (one; two)"
    assert reason(source) == source
    assert norwegian(lambda: reason(source)) == "RAD17 råd 3; ingen kilde måler det; as we see it (one; two)"


def literal(call: ast.Call, place: int = 0) -> str | None:
    argument = call.args[place] if place < len(call.args) else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def help_texts(command: click.Command = tverretatlig) -> Iterator[str]:
    yield from paragraphs(vars(command).get("_help") or "")
    for parameter in command.params:
        yield from paragraphs(vars(parameter).get("_help") or "")
        yield from [parameter.metavar] if parameter.metavar else []
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from help_texts(below)


def test_every_message_help_text_and_unit_is_translated() -> None:
    said = {literal(call) for name in ("_", "ngettext") for file, call in calls(name) if file != "i18n.py"}
    said |= {*help_texts(), *(spec.unit for spec in parameter_specs().values())}
    assert said - {None, "", *NORWEGIAN} == set()


def test_messages_are_written_where_they_can_be_collected() -> None:
    named = [(f, c) for f, c in calls("_") if f not in {"i18n.py"} and isinstance(c.func, ast.Name)]
    assert [f"{file}:{call.lineno}" for file, call in named if literal(call) is None] == []


def test_every_label_that_is_used_is_in_every_catalogue() -> None:
    used = {literal(call) for name in ("label", "_label") for _file, call in calls(name)} - {None}
    data = {key for key in used if key and ("." in key or key in labels())}
    assert all(data <= labels(code).keys() == labels().keys() for code in LANGUAGES)
    assert all(text.strip() for code in LANGUAGES for text in labels(code).values())


def placeholders(template: str) -> set[str]:
    return {
        f"{name}:{spec}!{how}" for _text, name, spec, how in Formatter().parse(template) if name is not None
    }


def test_placeholders_agree_and_plural_forms_are_complete() -> None:
    said = labels("nb")
    assert all(placeholders(text) == placeholders(said[key]) for key, text in labels().items())
    messages = [entry for entry in NORWEGIAN.values() if entry.context is None]
    for entry in messages:
        given, said = (v if isinstance(v, tuple) else (v,) for v in (entry.id, entry.string))
        assert len(given) == len(said)
        assert all(said), given
        clicks = "{number_type}" in given[0]  # named in English only
        assert all(placeholders(s) == placeholders(g) for g, s in zip(given, said, strict=True)) or clicks, (
            given
        )


def test_no_language_is_handed_from_function_to_function() -> None:
    wrong = [
        f"{file}:{node.lineno}"
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.arg == "lang"
    ]
    assert wrong == []


def test_no_refusal_is_written_without_a_translation() -> None:
    wrong = [
        f"{file}:{call.lineno}"
        for name, first in SPEAKING.items()
        for file, call in calls(name)
        if not file.startswith(FOR_PROGRAMMERS)
        for place, word in enumerate(call.args)
        if place >= first and (isinstance(word, ast.JoinedStr) or " " in (literal(call, place) or ""))
    ]
    assert wrong == []


def test_a_message_speaks_the_language_of_now() -> None:
    allowed = _("allowed: {allowed}", allowed=_("a whole number"))
    row = joined("; ", ('forum "{a}"', "", allowed))
    assert (str(row), norwegian(str, row)) == (
        'forum "{a}"; allowed: a whole number',
        'forum "{a}"; tillatt: et heltall',
    )
    assert pickle.loads(pickle.dumps(row)) == row != allowed
    assert not joined(", ", ())
    assert norwegian(str, ValueError(_("is missing"))) == "mangler"
    assert [str(ngettext("one {what}", "{number} {what}", n, what="x")) for n in (1, 3)] == ["one x", "3 x"]
    assert not isinstance(row, str)


def test_an_error_speaks_the_language_of_now() -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario("dfo-simplifed")
    assert str(refused.value).startswith('"dfo-simplifed": there is no such scenario; allowed: "0-24-2015", ')
    assert norwegian(str, refused.value).endswith('mente du "dfo-simplified"?')


def test_a_further_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in LANGUAGES:
        shutil.copy(i18n.LOCALE / f"{code}.po", tmp_path)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (tmp_path / "sv.po").write_text(head + 'msgid "is missing"\nmsgstr "saknas"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    i18n._catalogue.cache_clear()
    with use_language("sv"):
        assert (str(_("is missing")), str(Message("a list")), label("drafted")) == (
            "saknas",
            "a list",
            labels()["drafted"],
        )
    i18n._catalogue.cache_clear()
    with pytest.raises(ValueError, match="allowed: en, nb, sv"):
        use_language("da")
