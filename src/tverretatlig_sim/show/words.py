"""The labels themselves: English, then Norwegian bokmål. Terms are those of the sources (``docs/odd.md``)."""

from __future__ import annotations

from collections.abc import Mapping

from tverretatlig_sim.show.analysis_words import ANALYSES
from tverretatlig_sim.show.app_words import APP
from tverretatlig_sim.show.figure_words import FIGURE_WORDS
from tverretatlig_sim.show.framework_said_words import FRAMEWORK_SAID
from tverretatlig_sim.show.framework_words import FRAMEWORK_WORDS
from tverretatlig_sim.show.lever_words import LEVERS
from tverretatlig_sim.show.pattern_words import PATTERN_WORDS
from tverretatlig_sim.show.report_words import REPORT
from tverretatlig_sim.show.search_words import SEARCH
from tverretatlig_sim.show.study_words import STUDY
from tverretatlig_sim.show.sweep_words import SWEEPS

OUTCOMES = {
    "implemented_rate": (
        "Implemented within 24 months of drafting",
        "Gjennomført innen 24 måneder etter utarbeiding",
    ),
    "implemented_rate_horizon": ("Implemented by the end", "Gjennomført ved slutten"),
    "planned": ("Planned recommendations", "Planlagte anbefalinger"),
    "drafted": ("Drafted recommendations", "Utarbeidede anbefalinger"),
    "decided": ("Decided recommendations", "Besluttede anbefalinger"),
    "handed_over": ("Handed over to the line", "Overlevert til linjen"),
    "adopted": ("Adopted by the line", "Tatt inn i linjen"),
    "implemented": ("Implemented recommendations", "Gjennomførte anbefalinger"),
    "dropped": ("Dropped recommendations", "Bortfalte anbefalinger"),
    "pending": ("Still on the way at the end", "Fortsatt underveis ved slutten"),
    "not_drafted": ("Not drafted", "Ikke utarbeidet"),
    "lost_disagreement": ("Lost to disagreement", "Bortfalt på uenighet"),
    "lost_ministries": ("Lost at the ministries", "Bortfalt i departementene"),
    "lost_line": ("Lost in the line", "Bortfalt i linjen"),
    "lost_municipalities": ("Lost in the municipalities", "Bortfalt i kommunene"),
    "carried_out": ("Carried out by the agencies", "Gjennomført av etatene"),
    "months_to_implement": (
        "Months from project start to implemented",
        "Måneder fra prosjektstart til gjennomført",
    ),
    "months_from_draft": ("Months from drafted to implemented", "Måneder fra utarbeidet til gjennomført"),
    "months_to_decide": ("Months from drafted to decided", "Måneder fra utarbeidet til besluttet"),
    "rounds": ("Rounds of decision", "Beslutningsrunder"),
    "round_trips": ("Round trips between bodies", "Runder frem og tilbake mellom fora"),
    "boldness_end": ("Boldness left", "Gjenværende dristighet"),
    "structure_share": ("Meeting time on structure", "Møtetid brukt på struktur"),
    "meetings": ("Meetings held", "Avholdte møter"),
    "fte_spent": ("FTE-months spent", "Brukte månedsverk"),
    "fte_per_implemented": ("FTE-months per implemented", "Månedsverk per gjennomført"),
    "service_quality": ("Secretariat's service quality", "Sekretariatets tjenestekvalitet"),
    "attendance_core": ("Attendance, core agencies", "Oppmøte, kjerneetater"),
    "attendance_periphery": ("Attendance, other agencies", "Oppmøte, øvrige etater"),
    "trust_mean": ("Trust, all", "Tillit, alle"),
    "trust_core": ("Trust within the core", "Tillit innad i kjernen"),
    "trust_periphery_to_core": ("Trust in the core from outside", "Tillit til kjernen utenfra"),
    "trust_core_to_periphery": ("Trust from the core outwards", "Tillit fra kjernen utover"),
    "inclusion_periphery": ("Inclusion outside the core", "Inkludering utenfor kjernen"),
    "understanding_gap": ("Gap in problem understanding", "Avstand i problemforståelse"),
    "ownership_end": ("Ownership at the end", "Eierskap ved slutten"),
    "confidence_end": ("Confidence in the joint work", "Tro på at samarbeidet lykkes"),
    "clarity_end": ("Mandate clarity at the end", "Mandatklarhet ved slutten"),
    "ministry_coherence": ("Coherence of the ministries", "Samordning mellom departementene"),
    "negative_coordination": ("Own plans adjusted (rung 3)", "Egne planer justert (trinn 3)"),
    "positive_coordination": ("Joint measures carried out (rung 4)", "Felles tiltak gjennomført (trinn 4)"),
    "reached_municipalities": ("Carried through to municipalities", "Nådde ut i kommunene"),
    "implemented_legal": ("Implemented, legal", "Gjennomført, juridiske"),
    "implemented_economic": ("Implemented, economic", "Gjennomført, økonomiske"),
    "implemented_organisational": ("Implemented, organisational", "Gjennomført, organisatoriske"),
    "implemented_pedagogical": ("Implemented, pedagogical", "Gjennomført, pedagogiske"),
    "lasting": ("Carried out and anchored in the lines", "Gjennomført og forankret i linjene"),
    "municipal_link": ("Carried on by the municipalities", "Ført videre i kommunene"),
    "ladder_rung": ("Rung on the coordination ladder", "Trinn på samordningsstigen"),
}

STAGES = {
    "stage.planned": ("Planned", "Planlagt"),
    "stage.drafted": ("Drafted", "Utarbeidet"),
    "stage.decided": ("Decided", "Besluttet"),
    "stage.handed_over": ("Handed over", "Overlevert"),
    "stage.adopted": ("Adopted", "Tatt inn i linjen"),
    "stage.implemented": ("Implemented", "Gjennomført"),
    "stage.dropped": ("Dropped", "Bortfalt"),
    "reason.not_drafted": ("not drafted", "ikke utarbeidet"),
    "reason.disagreement": ("disagreement", "uenighet"),
    "reason.ministries": ("the ministries", "departementene"),
    "reason.line": ("the line", "linjen"),
    "reason.municipalities": ("the municipalities", "kommunene"),
    "reason.waiting": ("still on the way", "fortsatt underveis"),
}

SERIES = {
    "attention": ("Political attention", "Politisk oppmerksomhet"),
    "confidence": ("Confidence in the joint work", "Tro på at samarbeidet lykkes"),
    "ownership": ("Ownership", "Eierskap"),
    "inclusion": ("Inclusion", "Inkludering"),
    "effort": ("Effort (FTE)", "Innsats (årsverk)"),
    "meeting_time": ("Meeting time (FTE)", "Møtetid (årsverk)"),
    "load": ("Line load", "Belastning i linjen"),
    "understanding": ("Problem understanding", "Problemforståelse"),
    "trust": ("Trust", "Tillit"),
    "clarity": ("Mandate clarity", "Mandatklarhet"),
    "backlog": ("Secretariat's backlog", "Sekretariatets etterslep"),
    "progress": ("Progress of projects", "Framdrift i prosjektene"),
    "recommendations": ("Recommendations by stage", "Anbefalinger etter stadium"),
    "implemented_share": ("Implemented so far, of drafted", "Gjennomført så langt, av utarbeidede"),
    "coherence": ("Coherence of the ministries", "Samordning mellom departementene"),
    "ownership_mean": ("Ownership, all", "Eierskap, alle"),
}

HEADINGS = {
    "agency": ("Agency", "Etat"),
    "allowed": ("Allowed", "Tillatt"),
    "arrangement": ("How it works", "Slik virker det"),
    "assumed": ("assumed", "antatt"),
    "attention_level": ("attention of the ministries", "departementenes oppmerksomhet"),
    "cadence": ("Months between\nmeetings", "Måneder\nmellom møter"),
    "capacity": ("Capacity (FTE)", "Kapasitet (årsverk)"),
    "coordinator": ("coordinator", "koordinator"),
    "core": ("core", "kjerne"),
    "core_group_authority": ("core group's authority", "kjernegruppens myndighet"),
    "commissioned": ("commissioned", "bestilt"),
    "default": ("Default", "Standard"),
    "delivery": ("delivery", "leveranse"),
    "derived": ("derived", "avledet"),
    "difference": ("Difference", "Forskjell"),
    "draft": ("draft", "utarbeide"),
    "facilitator": ("facilitator", "tilrettelegger"),
    "final-report": ("final report", "sluttrapport"),
    "follow_up": ("follow-up after hand-over", "oppfølging etter overlevering"),
    "forum": ("Forum", "Forum"),
    "forums": ("Forums", "Fora"),
    "function": ("Function", "Funksjon"),
    "funnel": ("Where recommendations are lost", "Hvor anbefalinger faller bort"),
    "grade": ("Grade", "Gradering"),
    "increments": ("along the way", "underveis"),
    "inform": ("inform", "informere"),
    "in_force": ("In force", "Gjelder"),
    "lead": ("Lead", "Leder"),
    "letter": ("Letter", "Brev"),
    "letters": ("Letters", "Brev"),
    "lifetime": ("Lifetime", "Levetid"),
    "line": ("line", "linjen"),
    "rest": ("The rest", "Resten"),
    "mandate_clarity": ("clarity of forums' mandates", "klarhet i forumenes mandat"),
    "meaning": ("Meaning", "Betydning"),
    "members": ("Members", "Deltakere"),
    "ministry": ("Ministry", "Departement"),
    "months_unit": ("months", "måneder"),
    "name": ("Name", "Navn"),
    "no": ("no", "nei"),
    "origin": ("Origin", "Opphav"),
    "outcome": ("Outcome", "Utfall"),
    "of_drafted": ("Of drafted", "Av utarbeidede"),
    "pairing": ("Variance\nreduction", "Varians-\nreduksjon"),
    "parameter": ("Parameter", "Parameter"),
    "parameters": ("Parameters set by this scenario", "Parametre satt av scenariet"),
    "practice": ("Practice", "Praksis"),
    "prepare": ("prepare", "forberede"),
    "project": ("Project", "Prosjekt"),
    "project_clarity": ("clarity of project mandates", "klarhet i prosjektmandat"),
    "project_groups": ("members work in project groups", "deltakerne arbeider i prosjektgrupper"),
    "portfolio": ("Portfolio", "Portefølje"),
    "range": ("Range", "Spenn"),
    "reached": ("Reached", "Nådd"),
    "recommendations_number": ("Recom-\nmendations", "Anbe-\nfalinger"),
    "route": ("decision route", "beslutningsvei"),
    "runs": ("runs", "kjøringer"),
    "seats": ("Seats", "Plasser"),
    "seed": ("seed", "frø"),
    "self-initiated": ("self-initiated", "egeninitiert"),
    "source": ("Source", "Kilde"),
    "sourced": ("sourced", "kildebelagt"),
    "stage": ("Stage", "Stadium"),
    "start": ("Start", "Start"),
    "start_ownership": ("ownership at the start", "eierskap ved start"),
    "start_trust": ("trust at the start", "tillit ved start"),
    "steer": ("steer", "styre"),
    "stop_points": ("line stop points", "stoppunkter i linjen"),
    "strength": ("Strength", "Styrke"),
    "themes": ("Themes", "Temaer"),
    "title": ("Title", "Tittel"),
    "to": ("To", "Til"),
    "from": ("From", "Fra"),
    "turnover": ("turnover, times the usual", "utskifting, ganger det vanlige"),
    "valid": ("valid", "gyldig"),
    "value": ("Value", "Verdi"),
    "who": ("Who is in it", "Hvem som er med"),
    "whole_run": ("whole run", "hele kjøringen"),
    "yes": ("yes", "ja"),
}

UNITS = {
    "unit.FTE-months per project and month": (
        "FTE-months per project and month",
        "månedsverk per prosjekt og måned",
    ),
    "unit.FTE-months per seat and meeting": (
        "FTE-months per seat and meeting",
        "månedsverk per plass og møte",
    ),
    "unit.gain": ("gain", "gevinst"),
    "unit.log efficiency": ("log efficiency", "log effektivitet"),
    "unit.log efficiency per log member": (
        "log efficiency per log member",
        "log effektivitet per log deltaker",
    ),
    "unit.logit per year of work": ("logit per year of work", "logit per års arbeid"),
    "unit.meetings per FTE-month": ("meetings per FTE-month", "møter per månedsverk"),
    "unit.months": ("months", "måneder"),
    "unit.per contact": ("per contact", "per kontakt"),
    "unit.per meeting": ("per meeting", "per møte"),
    "unit.per month": ("per month", "per måned"),
    "unit.per promise": ("per promise", "per løfte"),
    "unit.per result": ("per result", "per resultat"),
    "unit.probability": ("probability", "sannsynlighet"),
    "unit.rounds": ("rounds", "runder"),
    "unit.seats": ("seats", "plasser"),
    "unit.share": ("share", "andel"),
    "unit.share per project": ("share per project", "andel per prosjekt"),
    "unit.weight per contact": ("weight per contact", "vekt per kontakt"),
}

THEMES = {
    "theme.education": ("education", "utdanning"),
    "theme.health": ("health", "helse"),
    "theme.child-welfare": ("child welfare", "barnevern"),
    "theme.labour": ("labour", "arbeid"),
    "theme.integration": ("integration", "integrering"),
    "theme.justice": ("justice", "justis"),
    "theme.housing": ("housing", "bolig"),
    "theme.culture": ("culture", "kultur"),
    "theme.working-life": ("working life", "arbeidsliv"),
    "theme.tax": ("tax", "skatt"),
    "theme.business": ("business", "næringsliv"),
    "theme.administration": ("administration", "forvaltning"),
    "theme.environment": ("environment", "miljø"),
    "theme.transport": ("transport", "samferdsel"),
}

FIGURES = {
    "figure.share_of_planned": ("Per cent of planned recommendations", "Prosent av planlagte anbefalinger"),
    "figure.reached": ("reached this stage", "nådde dette stadiet"),
    "figure.lost_to": ("lost before it: {reason}", "bortfalt før: {reason}"),
    "figure.waiting": ("still on the way", "fortsatt underveis"),
    "figure.differences": ("Paired differences between runs", "Parvise forskjeller mellom kjøringer"),
    "figure.points": ("Percentage points", "Prosentpoeng"),
    "figure.months": ("Months", "Måneder"),
    "figure.not_drafted": ("not drafted", "ikke utarbeidet"),
    "figure.levels": ("Difference, scale 0 to 1", "Forskjell, skala fra 0 til 1"),
    "figure.spread": ("distribution over runs", "fordeling over kjøringer"),
    "figure.interval": ("mean with 95 % interval", "gjennomsnitt med 95 %-intervall"),
    "figure.series": (
        "Month by month, mean ± standard deviation",
        "Måned for måned, gjennomsnitt ± standardavvik",
    ),
    "figure.nothing": ("undefined in these runs", "udefinert i disse kjøringene"),
    "figure.note": (
        "{runs} runs, seed {seed}, {months} months. Levels are illustrative.",
        "{runs} kjøringer, frø {seed}, {months} måneder. Nivåene er illustrative.",
    ),
    "figure.whiskers": (
        "Beside the bars: mean number of recommendations. Whiskers: 95 % interval of the mean.",
        "Ved søylene: gjennomsnittlig antall anbefalinger. Streker: 95 %-intervall for gjennomsnittet.",
    ),
}

NOTES = {
    "note.interval": (
        "± is the 95 % interval of the mean over runs: chance only, parameters held as given.",
        "± er 95 %-intervallet for gjennomsnittet over kjøringer: bare tilfeldighet, faste parametre.",
    ),
    "note.pairs": (
        "Runs are paired on the same draws; variance reduction: how many times as many independent runs "
        "would be needed for the same precision (1 = no gain).",
        "Kjøringene er paret på de samme trekningene; variansreduksjon: hvor mange ganger så mange "
        "uavhengige kjøringer samme presisjon ville kreve (1 = ingen gevinst).",
    ),
    "note.undefined": (
        "The implemented rate of “{name}” is missing: it counts recommendations drafted at least {months} "
        "months before the end, and no run has any; try more months (--months).",
        "Gjennomføringsgraden for «{name}» mangler: den teller anbefalinger utarbeidet minst {months} "
        "måneder før slutten, og ingen kjøring har slike; prøv flere måneder (--months).",
    ),
    "note.many": (
        "Intervals are for one pair at a time; among many pairs some will differ by chance.",
        "Intervallene gjelder ett par om gangen; blant mange par vil noen være ulike ved en tilfeldighet.",
    ),
    "note.levels": ("Levels are illustrative.", "Nivåene er illustrative."),
    "note.runs": (
        "{runs} runs each, seed {seed}, {months} months",
        "{runs} kjøringer av hvert, frø {seed}, {months} måneder",
    ),
    "note.until": (
        "Stopped when the interval of the implemented rate, or of its difference, was ± {asked} or narrower.",
        "Stanset da intervallet for gjennomføringsgraden, eller for forskjellen i den, var ± {asked} eller "
        "smalere.",
    ),
    "note.until_missed": (
        "± {asked} was not reached: the interval is ± {half}. Try more runs (--runs), or more months if the "
        "rate is undefined.",
        "± {asked} ble ikke nådd: intervallet er ± {half}. Prøv flere kjøringer (--runs), eller flere "
        "måneder hvis graden er udefinert.",
    ),
    "note.anytime": (
        "All intervals are made for looking again and again (after every 256 runs), so they are about one "
        "and a half times as wide as for a number of runs chosen beforehand.",
        "Alle intervallene er laget for å se etter igjen og igjen (etter hver 256. kjøring), så de er om lag "
        "halvannen gang så brede som for et antall kjøringer valgt på forhånd.",
    ),
    "note.written": ("Numbers and figures are in {folder}", "Tall og figurer ligger i {folder}"),
    "note.report": ("The report is in {file}", "Rapporten ligger i {file}"),
    "init.next": (
        "Written: {file}. It runs as it is; open it in a text editor, and compare:\n"
        "  tverretatlig compare {base} {file}",
        "Skrevet: {file}. Det kan kjøres som det er; åpne det i et tekstprogram, og sammenlign:\n"
        "  tverretatlig compare {base} {file} --lang nb",
    ),
    "generate.next": (
        "Written: {file}. It is made up: good for trying things at scale, about no real body. Next:\n"
        "  tverretatlig run {file} --runs 100",
        "Skrevet: {file}. Det er oppdiktet: nyttig for å prøve ting i stor skala, uten å gjelde noen "
        "virkelig etat. Videre:\n"
        "  tverretatlig run {file} --runs 100 --lang nb",
    ),
    "note.core": ("* core agency", "* kjerneetat"),
    "finding.higher": (
        "In the model, “{high}” has a higher implemented rate than “{low}”, by {mean} percentage points "
        "(95 % interval {from_} to {to}, {runs}); the levels themselves are illustrative.",
        "I modellen har «{high}» høyere gjennomføringsgrad enn «{low}», med {mean} prosentpoeng "
        "(95 %-intervall {from_} til {to}, {runs}); selve nivåene er illustrative.",
    ),
    "finding.unclear": (
        "In the model there is no clear difference in implemented rate between “{a}” and “{b}” "
        "({mean} percentage points, 95 % interval {from_} to {to}, {runs}); the levels themselves are "
        "illustrative.",
        "I modellen er det ingen klar forskjell i gjennomføringsgrad mellom «{a}» og «{b}» "
        "({mean} prosentpoeng, 95 %-intervall {from_} til {to}, {runs}); selve nivåene er illustrative.",
    ),
    "finding.undefined": (
        "The implemented rate of “{a}” and “{b}” cannot be compared: it counts recommendations drafted at "
        "least {months} months before the end, and no run has any in both; try more months (--months).",
        "Gjennomføringsgraden for «{a}» og «{b}» kan ikke sammenlignes: den teller anbefalinger utarbeidet "
        "minst {months} måneder før slutten, og ingen kjøring har slike i begge; prøv flere måneder "
        "(--months).",
    ),
    "finding.undefined_here": (
        "The implemented rate of “{a}” and “{b}” cannot be compared: it counts recommendations drafted at "
        "least {months} months before the end, and no run has any in both. A scenario file of your own can "
        "ask for more months (months = …).",
        "Gjennomføringsgraden for «{a}» og «{b}» kan ikke sammenlignes: den teller anbefalinger utarbeidet "
        "minst {months} måneder før slutten, og ingen kjøring har slike i begge. Din egen scenariofil kan be "
        "om flere måneder (months = …).",
    ),
    "finding.single": (
        "One pair of runs has no interval, so nothing is said about the implemented rate of “{a}” and "
        "“{b}”; try more runs (--runs).",
        "Ett par kjøringer har ikke noe intervall, så ingenting sies om gjennomføringsgraden for «{a}» og "
        "«{b}»; prøv flere kjøringer (--runs).",
    ),
    "finding.runs": ("{n} paired runs", "{n} parvise kjøringer"),
    "finding.some_runs": (
        "{n} of {runs} paired runs, those in which both are defined",
        "{n} av {runs} parvise kjøringer, de der begge er definert",
    ),
}

WORDS: Mapping[str, tuple[str, str]] = {
    **APP, **OUTCOMES, **STAGES, **SERIES, **HEADINGS, **UNITS, **THEMES, **FIGURES, **NOTES, **STUDY,
    **PATTERN_WORDS, **LEVERS, **FIGURE_WORDS, **SWEEPS, **REPORT, **SEARCH,
    **FRAMEWORK_WORDS, **FRAMEWORK_SAID,
    **ANALYSES,
}  # fmt: skip
"""Every label by key."""
