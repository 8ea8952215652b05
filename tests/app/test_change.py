"""Change this arrangement: the form says what lines do, keeps nothing, and agrees with the command line."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import docx
import openpyxl
import pytest

from speaking import norwegian
from tverretatlig_sim import edit, list_scenarios, load_scenario, simulate
from tverretatlig_sim.app.briefs import LONGEST_FILE, overlay_file, restored
from tverretatlig_sim.app.change import Form
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.query import MOST_LINES, TODAY, read_change
from tverretatlig_sim.cli import main
from tverretatlig_sim.ensemble import OF_PLANNED
from tverretatlig_sim.show.rows import percent

from .conftest import TIMEOUT, Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GONE = ("AVdir", "FHI", "KDI", "Konfliktrådet", "Medietilsynet", "Statped", "UDI")
SIX = ("Bufdir", "Hdir", "Husbanken", "IMDi", "POD", "Udir")
WRONG = (
    "letter[all].strength=8",
    "forum.managers-group.cadence=often",
    "project.none.lead=Udir",
    "=",
    "x=1,5",
)
LINES = (f"members={','.join(SIX)}", "secretariat=6", *WRONG)
EVIL = "<script>alert(1)</script>=1"
FEW = "runs=16&robust=false"
"""A brief in seconds, for tests."""


def form(library: Library, *lines: str, **more: str) -> Form:
    query = urlencode([("base", TODAY), *(("do", line) for line in lines), *more.items()])
    return Form(read_change(query, library)[0], library)


def fields(made: Form) -> dict[str, dict[str, object]]:
    groups = made.groups()
    entries = [entry for group in groups for entry in group["entries"]]
    return {it["key"]: it for holder in (*groups, *entries) for it in (*holder["fields"], *entries)}


def test_a_reason_is_told_in_the_language_of_the_page_or_by_its_references_alone(library: Library) -> None:
    told = norwegian(lambda: fields(form(library)))
    sized = told["project.school-absence.size"]["about"]
    assert str(sized).endswith("ingen kilde anslår arbeidsmengden; etter hva slags arbeid det er, "
                               "én tabell for alle porteføljer")  # fmt: skip
    for key, field in told.items():
        words = set(re.findall("[a-z]+", str(field.get("about", ""))))
        assert not words & {"the", "source", "no", "of", "advice", "value", "taken"}, key


@pytest.mark.slow
@pytest.mark.parametrize("name", list_scenarios())
def test_every_arrangement_has_a_form_that_says_what_is_so_today(library: Library, name: str) -> None:
    change, notices = read_change(f"base={name}", library)
    made, scenario = Form(change, library), library.scenarios[name]
    assert notices == []
    shown = fields(made)
    assert all(it["value"] == it["today"] for it in shown.values())
    assert shown["members"]["today"] == [it.name for it in scenario.agencies]
    for forum in scenario.arrangement.forum:
        field = shown[f"forum.{forum.name}.cadence"]
        assert field["today"] == f"{float(forum.cadence):g}"
        assert str(forum.cadence.grade) in str(field["about"])
        assert forum.cadence.source in str(field["about"])
    assert made.page([])["data"]["answer"]["lines"] == []


def test_lines_that_can_be_made_hold_and_faults_are_told_one_by_one(library: Library) -> None:
    made = form(library, *LINES)
    whole = edit(TODAY, members=SIX, secretariat=6)
    assert replace(made.made, notes=()) == replace(whole, notes=())
    told = {line["key"]: line for line in made.said()["lines"]}
    assert told["members"]["fault"] == ""
    assert told["letter[all].strength"]["fault"] == "Is 8; allowed: a number from 0 to 1."
    assert "a number from 1 to 600 months" in told["forum.managers-group.cadence"]["fault"]
    assert told["x"]["fault"] == "Write a decimal point: x=1.5."
    assert [key for key in told if not told[key]["fault"]] == ["members", "secretariat"]
    faults = norwegian(made.said)["lines"][2]["fault"]
    assert faults == "Er 8; tillatt: et tall fra 0 til 1."
    shown = fields(made)
    assert made.said()["now"]["secretariat"] == "6"
    # Whatever gave way is a field in which something else can be chosen.
    places = {key for line in told.values() for rule in line["forced"] for key, _words in rule["places"]}
    assert "project.sentences-18-24.lead" in places
    assert {key.split(".")[0] for key in places - {""}} == {"forum", "ministry_forum", "letter", "project"}
    assert places - {""} <= {*shown}
    otherwise = form(library, *LINES, "project.sentences-18-24.lead=Udir")
    assert fields(otherwise)["project.sentences-18-24.lead"]["value"] == "Udir"


def test_an_address_is_read_back_and_too_much_is_said(library: Library) -> None:
    made = form(library, "secretariat=6", 'arrangement.route=["managers-group"]', since="2026-01", lang="nb")
    assert read_change(made.choice.query(), library) == (made.choice, [])
    assert made.choice.b.since == "2026-01"
    assert made.made.then[0].date == "2026-01"
    dated = form(library, *LINES, since="2026-01").said()
    assert (dated["now"]["secretariat"], dated["now"]["members"]) == ("6", [*SIX])
    assert form(library, "secretariat=6", since="1990-01").said()["since"] != ""
    query = urlencode([("do", f"member.A{n}=true") for n in range(MOST_LINES + 2)] + [("since", "soon")])
    change, notices = read_change(query, library)
    assert len(change.b.lines) == MOST_LINES
    assert len(notices) == 2


def test_a_file_is_that_of_the_command_and_gives_the_form_back(library: Library, tmp_path: Path) -> None:
    lines = ("members=Bufdir,Hdir", 'forum.new={title = {en = "A “new” one", nb = "Ny"}, function = "steer", '
             'seats = "all", cadence = 1}', "dial.matrix=0.8", "arrangement.coordinator=")  # fmt: skip
    made = form(library, *lines, since="2026-01")
    assert made.faults == {}
    path = tmp_path / "my-change.toml"
    with pytest.raises(SystemExit):
        main(["edit", TODAY, *lines, "--since", "2026-01", "--out", str(path), "--lang", "en"])
    assert overlay_file(made, "my-change") == path.read_bytes()
    assert shlex.split(made.command("my-change"))[:3] == ["tverretatlig", "edit", TODAY]
    back = restored(path.read_bytes(), made.choice, library)
    again = Form(read_change(back["query"], library)[0], library)
    assert again.made == made.made
    assert back["notice"] == ""
    old = path.read_text("utf-8").replace('base_hash = "', 'base_hash = "0').encode()
    assert "has changed" in restored(old, made.choice, library)["notice"]
    for wrong in (
        b"\xff",
        b"name =",
        b'name = "x"',
        b'base = "../etc/passwd"',
        b"[[" * 9000,
        b'base = ["a"]',
    ):
        assert "query" not in restored(wrong, made.choice, library)


# --- in a browser


@pytest.fixture
def page(browser: Browser, app: Running) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened, complaints = context.new_page(), list[str]()
    opened.set_default_timeout(TIMEOUT)
    opened.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    opened.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    yield opened
    assert [said for said in complaints if said.startswith(("error", "warning"))] == []
    context.close()


class Hand:
    """Clicks and types, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def click(self, what: str) -> None:
        self.actions += 1
        self.page.locator(what).first.click()

    def type(self, what: str, text: str) -> None:
        self.actions += 1
        self.page.locator(what).fill(text)

    def choose(self, what: str, value: str) -> None:
        self.actions += 1
        self.page.locator(what).select_option(value)

    def saved(self, what: str, folder: Path) -> Path:
        with self.page.expect_download(timeout=10 * TIMEOUT) as download:
            self.click(what)
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def glanced(page: Page) -> str:
    page.wait_for_selector("body:not([aria-busy]) #effect[data-runs='128']:not(.stale)")
    return page.locator("#answer").inner_text()


@pytest.mark.slow
def test_the_analysts_question_from_the_opened_app_to_files_for_the_office(
    page: Page, app: Running, tmp_path: Path
) -> None:
    hand = Hand(page)
    page.goto(f"{app.address}change?lang=nb&{FEW}")
    for name in GONE:
        hand.click(f"[data-key=members] input[value={name}]")
    hand.click("#group-forum > summary")
    hand.type("#add-forum", "Strategisk gruppe")
    hand.click("[data-add=forum] button")
    page.wait_for_selector("[data-key='forum.strategisk-gruppe'] details[open]")
    hand.type("[data-key='forum[all].cadence'] input", "1")
    hand.click("#group-secretariat > summary")
    hand.type("[data-key=secretariat] input", "6")
    hand.click("#group-letter > summary")
    hand.type("[data-key='letter[all].strength'] input", "0,8")
    page.wait_for_selector("#lines > li:nth-child(5)")
    said = page.locator(".line").all_inner_texts()
    assert said[0].startswith("6 deltakere i stedet for 13")
    assert [line.split("\n")[0] for line in said[1:4]] == [
        "Strategisk gruppe kommer til",
        "Måneder mellom møtene i alle fora: 1 i stedet for 2,8 i snitt",
        "Et sekretariat på 6 årsverk i stedet for 1,5",
    ]
    seen = glanced(page)
    word, excel = (hand.saved(f"[data-format={kind}]", tmp_path) for kind in ("docx", "xlsx"))
    own = hand.saved("#save", tmp_path)
    assert hand.actions < 25
    # What was seen, what is on disk and what the library says are the same numbers.
    lines = parse_qs(urlsplit(page.url).query)["do"]
    by_command = tmp_path / "command" / own.name
    with pytest.raises(SystemExit):
        main(["edit", TODAY, *lines, "--out", str(by_command), "--lang", "nb"])
    assert by_command.read_bytes() == own.read_bytes()
    base, change = load_scenario(TODAY), load_scenario(own)
    before, after = (
        simulate(it, 128, months=base.default_months, series="none").outcomes[OF_PLANNED]
        for it in (base, change)
    )
    assert percent(after.mean()) in seen
    assert page.locator("#bars b").all_inner_texts() == [f"{percent(it.mean())} %" for it in (before, after)]
    sheet = openpyxl.load_workbook(excel).worksheets[0]
    means = next(row[1:3] for row in sheet.iter_rows(min_row=4, max_row=4, values_only=True))
    assert means == pytest.approx([100 * it[:16].mean() for it in (before, after)])
    document = docx.Document(str(word))
    assert document.paragraphs[0].text.startswith("Hvis «Etatssamarbeidet")
    assert len(document.inline_shapes) == 1
    # The file, opened or dropped on an empty form, gives everything back.
    for give in (lambda: page.set_input_files("#restore", own), lambda: dropped(page, own)):
        page.goto(f"{app.address}change?lang=en")
        assert page.locator("#lines li").count() == 0
        give()
        page.wait_for_selector("#lines > li:nth-child(5)")
        assert parse_qs(urlsplit(page.url).query)["do"] == lines
    assert page.locator("[data-key=members] input:checked").count() == len(SIX)
    assert "on the form" in page.locator("#notices").inner_text()
    page.locator("#both").click()
    page.wait_for_selector("#finding:not(:empty)")
    assert "B is changed" in page.locator("#notices").inner_text()


def dropped(page: Page, path: Path) -> None:
    """A file is dragged over the page from outside and let go."""
    mouse = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        mouse.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})


def lead_and_letters(hand: Hand) -> None:
    hand.choose("#base", "0-24-2018")
    hand.page.wait_for_url("**base=0-24-2018**")
    hand.click("#group-project > summary")
    hand.click("[data-key='project.register-linkage'] summary")
    hand.choose("[data-key='project.register-linkage.lead'] select", "Udir")
    hand.click("#group-letter > summary")
    hand.type("[data-key='letter[all].strength'] input", "0,9")


def a_forum_less_and_one_more(hand: Hand) -> None:
    hand.choose("#base", "k-plus-2010")
    hand.page.wait_for_url("**base=k-plus-2010**")
    hand.click("#group-forum > summary")
    hand.click("[data-key='forum.leaders-1'] .keep")
    hand.type("#add-forum", "Felles ledermøte")
    hand.click("[data-add=forum] button")
    hand.choose("[data-key='forum.felles-ledermote.rule'] select", "majority")
    hand.type("[data-key='forum.felles-ledermote.authority'] input", "0,6")
    hand.page.wait_for_url("**0.6**")


def ministries_and_staff_from_a_month(hand: Hand) -> None:
    hand.type("#since", "2026-01")
    hand.page.wait_for_url("**since=2026-01**")
    hand.click("#group-ministry_forum > summary")
    hand.type("#add-ministry_forum", "Departementsgruppen")
    hand.click("[data-add=ministry_forum] button")
    hand.click("#group-secretariat > summary")
    hand.type("[data-key=secretariat] input", "6")


@pytest.mark.slow
@pytest.mark.parametrize(
    "ask", [lead_and_letters, a_forum_less_and_one_more, ministries_and_staff_from_a_month]
)
def test_other_questions_give_the_numbers_of_the_command_line(
    page: Page, app: Running, tmp_path: Path, ask: Callable[[Hand], None]
) -> None:
    hand = Hand(page)
    page.goto(f"{app.address}?lang=nb")
    hand.click("header a[href^='/change']")
    page.goto(f"{page.url}&{FEW}")
    ask(hand)
    page.wait_for_selector("#lines > li:nth-child(2)")
    assert page.locator(".fault:not(:empty)").count() == 0
    seen = glanced(page)
    word, excel = (hand.saved(f"[data-format={kind}]", tmp_path) for kind in ("docx", "xlsx"))
    own = hand.saved("#save", tmp_path)
    assert hand.actions < 25
    base, change = str(tomllib.loads(own.read_text("utf-8"))["base"]), load_scenario(own)
    by_command = tmp_path / "command.xlsx"
    few = ["--runs", "16", "--no-robust", "--lang", "nb"]
    with pytest.raises(SystemExit):
        main(["brief", base, str(own), *few, "--out", str(by_command)])
    assert cells(by_command) == cells(excel)
    assert docx.Document(str(word)).tables
    months = max(it.default_months for it in (load_scenario(base), change))
    after = simulate(change, 128, months=months, series="none").outcomes[OF_PLANNED]
    assert percent(after.mean()) in seen


def cells(path: Path) -> list[object]:
    """All cells of the sheets but the last, which says how to reproduce."""
    sheets = openpyxl.load_workbook(path).worksheets[:-1]
    return [cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]


@pytest.mark.slow
def test_faults_stand_at_the_field_while_typing_and_any_change_can_be_taken_back(
    page: Page, app: Running
) -> None:
    page.goto(f"{app.address}change?lang=nb")
    page.locator("#search").fill("direktørgruppen")
    field = page.locator("[data-key='forum.directors-group.cadence']")
    field.locator("input").fill("sjelden")
    field.locator(".fault:not(:empty)").wait_for()
    assert "tillatt: et tall fra 1 til 600 måneder" in field.locator(".fault").inner_text()
    assert field.locator("input").get_attribute("aria-invalid") == "true"
    assert page.locator("[data-format=docx]").get_attribute("aria-disabled") == "true"
    field.locator("input").fill("2,5")
    page.wait_for_function("() => location.search.includes('cadence%3D2.5')")
    page.locator(".line", has_text="Direktørgruppen: måneder mellom møtene: 2,5 i stedet for 4,7").wait_for()
    assert "antatt" in field.locator(".about").inner_text()
    field.locator("input").fill("4,7")  # as it is today: no line
    page.wait_for_function("() => !location.search.includes('cadence')")
    page.locator("#search").fill("")
    page.locator("[data-key=members] input[value=KDI]").uncheck()
    page.locator("#lines summary").click()
    page.locator("#lines [data-reveal$='.lead']").click()
    lead = page.locator("[data-key='project.sentences-18-24.lead'] select")
    assert lead.input_value() == "Konfliktrådet"
    lead.select_option("Udir")
    page.locator("#lines > li:nth-child(2)").wait_for()
    page.reload()
    assert lead.input_value() == "Udir"
    page.locator("#lines > li:nth-child(2)").wait_for()
    page.locator("#lines .remove").first.click()
    page.locator("#lines > li:nth-child(2)").wait_for(state="detached")
    page.locator("#lines .remove").first.click()
    page.locator("#none:not([hidden])").wait_for()
    assert page.locator("[data-key=members] input[value=KDI]").is_checked()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_no_serious_barrier_and_nothing_beside_the_screen(
    page: Page, app: Running, width: int, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    query = urlencode([("do", line) for line in (*LINES, "forum.secretariat=false")])
    page.goto(f"{app.address}change?theme={theme}&{query}")
    glanced(page)
    page.evaluate("() => document.querySelectorAll('details').forEach((it) => (it.open = true))")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run()")["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.slow
def test_the_server_answers_whatever_it_is_asked(page: Page, app: Running) -> None:
    asked = page.request
    lines = ("[" * 9000, "members=[]", "a\nb=1", "secretariat=nan", EVIL, "forum.x={}", "x=" + "[" * 999, "=")
    for query in (*(urlencode({"do": line}) for line in lines), "base=%00", "since=2026-13"):
        for path in ("change", "change/said", "change/file"):
            answer = asked.get(f"{app.address}{path}?{query}")
            assert answer.status == 200, (path, query)
            assert path != "change" or "<script>alert" not in answer.text()
    assert asked.get(f"{app.address}brief?format=docx&{FEW}").status == 422
    assert asked.get(f"{app.address}brief?format=exe").status == 404
    long = asked.post(f"{app.address}change/file", data=b"#" * (LONGEST_FILE + 1))
    assert "too long" in long.json()["fault"]
    assert asked.put(f"{app.address}change/file", data=b"x").status == 405
