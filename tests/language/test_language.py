"""Messages stay English text until they are asked for in another language."""

from __future__ import annotations

import json
import pickle
from copy import deepcopy

import pytest

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario import ScenarioError, load_scenario

MISSING = _("is missing")


def test_a_message_is_english_text() -> None:
    message = _("at most {number}", number=3)
    assert message == "at most 3"
    assert json.dumps({"said": message}) == '{"said": "at most 3"}'
    assert {message: 1}["at most 3"] == 1


def test_a_message_in_norwegian() -> None:
    assert norwegian(say("at most {number}", number=3)) == "høyst 3"


def test_messages_inside_messages_are_translated() -> None:
    assert norwegian(say("allowed: {allowed}", allowed=say("a whole number"))) == "tillatt: et heltall"


def test_messages_in_a_row_are_translated_and_empty_ones_left_out() -> None:
    assert norwegian(joined("; ", ('forum "a"', "", MISSING))) == 'forum "a"; mangler'


def test_braces_in_what_is_spoken_of_stay() -> None:
    row = joined(", ", ("{a}", "{0}", _("is {value}", value="{b}")))
    assert (row, norwegian(row)) == ("{a}, {0}, is {b}", "{a}, {0}, er {b}")


def test_a_text_that_is_no_message_stays() -> None:
    assert norwegian("is missing") == "is missing"


def test_an_error_is_asked_for_its_text() -> None:
    assert norwegian(ValueError(MISSING)) == "mangler"


@pytest.mark.parametrize("copied", [deepcopy(MISSING), pickle.loads(pickle.dumps(MISSING)), str(MISSING)])
def test_a_copied_message_still_knows_its_languages(copied: str) -> None:
    assert isinstance(copied, Message)
    assert norwegian(copied) == "mangler"


def test_python_speaks_english_unless_asked() -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario("dfo-simplifed")
    assert str(refused.value).startswith('"dfo-simplifed": there is no such scenario; allowed: "0-24-2015", ')
    norwegian = norwegian(refused.value)
    assert norwegian.startswith('"dfo-simplifed": det finnes ikke noe slikt scenario; tillatt: "0-24-2015", ')
    assert norwegian.endswith('mente du "dfo-simplified"?')


def test_notes_can_be_asked_for_in_norwegian() -> None:
    scenario = load_scenario("0-24-2018")
    with pytest.raises(ScenarioError) as refused:
        scenario.with_levers("line-calibration", "line-calibration")
    assert norwegian(refused.value).endswith('grepet "line-calibration": er oppgitt mer enn én gang')
