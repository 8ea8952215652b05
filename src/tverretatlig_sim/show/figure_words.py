"""Words of figures: English, then Norwegian bokmål."""

from __future__ import annotations

STRUCTURE = {
    "structure": ("Who steers whom, who sits where", "Hvem som styrer hvem, og hvem som sitter hvor"),
    "structure.ministries": ("Ministries", "Departementer"),
    "structure.agencies": ("Agencies", "Etater"),
    "structure.ties": ("Ties between agencies", "Bånd mellom etater"),
    "structure.core": ("core agency", "kjerneetat"),
    "structure.other": ("other agency", "øvrig etat"),
    "structure.coordinator": ("coordinator", "koordinator"),
    "structure.seat": ("seat in the forum", "plass i forumet"),
    "structure.trust": ("Trust at the start", "Tillit ved start"),
    "structure.forum": ("{function} · every {cadence} months", "{function} · hver {cadence}. måned"),
    "structure.monthly": ("{function} · every month", "{function} · hver måned"),
    "structure.often": ("{function} · {times} times a month", "{function} · {times} ganger i måneden"),
    "structure.fraction": (
        "{function} · {cadence} months between meetings",
        "{function} · {cadence} måneder mellom møter",
    ),
    "structure.staff": ("{said} · {fte} FTE", "{said} · {fte} årsverk"),
    "structure.steer": ("decides", "beslutter"),
    "structure.prepare": ("prepares", "forbereder"),
    "structure.draft": ("drafts", "utarbeider"),
    "structure.inform": ("informs", "informerer"),
    "structure.half": ("0.5", "0,5"),
    "structure.no_forum": ("no forum", "ingen fora"),
    "structure.no_ties": ("no ties", "ingen bånd"),
    "structure.note": (
        "A line from a ministry goes to each agency it steers. Darker arcs: less trust.",
        "Fra hvert departement går streker til etatene det styrer. Mørkere buer: mindre tillit.",
    ),
}

TRUST = {
    "trust.title": ("Trust at the end", "Tillit ved slutten"),
    "trust.blocks": ("Means, start → end", "Snitt, start → slutt"),
    "trust.source": ("Who trusts", "Hvem som har tillit"),
    "trust.target": ("Who is trusted", "Hvem de har tillit til"),
    "trust.core": ("core", "kjerne"),
    "trust.others": ("others", "øvrige"),
    "trust.note": (
        "Per cent; mean over runs. Framed: the core. Empty: no tie.",
        "Prosent; gjennomsnitt over kjøringer. Innrammet: kjernen. Tomt: intet bånd.",
    ),
}

FRAMEWORKS = {
    "frameworks.title": (
        "How far up the ladder, and where the chain breaks",
        "Hvor høyt på stigen, og hvor kjeden svikter",
    ),
    "frameworks.aimed": ("rung aimed at (mean)", "trinn det siktes mot (snitt)"),
    "frameworks.runs": ("Per cent of runs that reach it", "Prosent av kjøringene som når det"),
    "frameworks.rung_1": ("1 share\ninformation", "1 dele\ninformasjon"),
    "frameworks.rung_2": ("2 common\nunderstanding", "2 felles\nforståelse"),
    "frameworks.rung_3": ("3 adjust\nplans", "3 justere\nplaner"),
    "frameworks.rung_4": ("4 joint\nmeasures", "4 felles\ntiltak"),
    "frameworks.gets_further": ("Per cent that get one further", "Prosent som kommer ett ledd videre"),
    "frameworks.chain.recommendation": ("planned\n→ drafted", "planlagt\n→ utarbeidet"),
    "frameworks.chain.decision": ("drafted\n→ handed over", "utarbeidet\n→ overlevert"),
    "frameworks.chain.implementation": ("handed over\n→ carried out", "overlevert\n→ gjennomført"),
    "frameworks.chain.lasting": ("carried out\n→ lasting", "gjennomført\n→ varig"),
    "frameworks.chain.municipal": ("carried out\n→ municipalities", "gjennomført\n→ kommunene"),
}

MEETINGS = {
    "meetings.title": ("What meeting time is spent on", "Hva møtetiden brukes på"),
    "meetings.structure": ("structure and process", "struktur og prosess"),
    "meetings.substance": ("substance", "innhold"),
    "meetings.share": ("Per cent of meeting time", "Prosent av møtetiden"),
    "meetings.months": ("Months from the start", "Måneder fra start"),
    "meetings.over_time": ("Structure and process, month by month", "Struktur og prosess, måned for måned"),
    "meetings.note": (
        "Whiskers: 95 % interval of the mean. Bands: one standard deviation over runs.",
        "Streker: 95 %-intervall for gjennomsnittet. Bånd: ett standardavvik over kjøringene.",
    ),
    "meetings.none": ("no meetings", "ingen møter"),
}

GANTT = {
    "gantt.title": (
        "One run: projects and their recommendations",
        "Én kjøring: prosjekter og anbefalingene deres",
    ),
    "gantt.work": ("project at work", "prosjektet arbeider"),
    "gantt.note": (
        "Run {run} of {runs}, seed {seed}. One run is one story, not a result.",
        "Kjøring {run} av {runs}, frø {seed}. Én kjøring er én fortelling, ikke et resultat.",
    ),
}

BARS = {
    "bars.effect": ("Effect", "Virkning"),
    "bars.sobol": ("Share of the variance", "Andel av variansen"),
    "bars.first": ("alone (first order)", "alene (førsteordens)"),
    "bars.total": ("with all interactions (total order)", "med alle samspill (totalorden)"),
    "bars.whiskers": ("Whiskers: 95 % interval.", "Streker: 95 %-intervall."),
    "bars.more": ("{n} smaller ones are not shown.", "{n} mindre er ikke vist."),
    "bars.nothing": ("nothing to show", "ingenting å vise"),
}

ROBUST = {
    "robustness.title": ("{outcome}: in which parameter sets?", "{outcome}: i hvilke parametersett?"),
    "robustness.sorted": ("The difference in every set, sorted", "Forskjellen i hvert sett, sortert"),
    "robustness.sets": ("Per cent of the parameter sets", "Prosent av parametersettene"),
    "robustness.plane": ("The two parameters it hangs on most", "De to parametrene den henger mest på"),
    "robustness.above": ("“{name}” above", "«{name}» høyest"),
    "robustness.equal": ("equal", "like"),
    "robustness.note": (
        "{sets} evidence-consistent sets, {runs} runs of each, seed {seed}, {months} months.",
        "{sets} parametersett forenlige med kildene, {runs} kjøringer hver, frø {seed}, {months} måneder.",
    ),
    "robustness.split": ("where the ordering shifts most", "der rekkefølgen skifter mest"),
}

FIGURE_WORDS = {**STRUCTURE, **TRUST, **FRAMEWORKS, **MEETINGS, **GANTT, **BARS, **ROBUST}
"""Labels by key."""
