"""Labels of the commands ``evidence`` and ``explain``: English, then Norwegian bokmål."""

from __future__ import annotations

EVIDENCE = {
    "field": ("Field", "Felt"),
    "numbers": ("Numbers", "Tall"),
    "all": ("all", "alle"),
    "evidence.shares": ("Where the numbers are from (%)", "Hvor tallene kommer fra (%)"),
    "evidence.scenario": ("Scenario", "Scenario"),
    "evidence.actors": ("Actors", "Aktører"),
    "evidence.arrangement": ("Arrangement", "Ordning"),
    "evidence.portfolio": ("Portfolio", "Portefølje"),
    "evidence.letters": ("Letters", "Brev"),
    "evidence.parameters": ("Parameters", "Parametre"),
    "evidence.default": ("of which library defaults", "derav bibliotekets standard"),
    "evidence.note": (
        "sourced: stated in a source; derived: computed from such facts; assumed: our own, with the reason.",
        "kildebelagt: står i en kilde; avledet: regnet ut fra det som står; antatt: vårt eget, med grunn.",
    ),
}

EXPLANATION = {
    "part": ("Part", "Del"),
    "part.portfolio": ("portfolio", "portefølje"),
    "part.membership": ("who takes part", "hvem som deltar"),
    "part.forums": ("forums", "fora"),
    "part.secretariat": ("secretariat", "sekretariat"),
    "part.mandate": ("mandate", "mandat"),
    "part.steering": ("steering", "styring"),
    "part.staffing": ("staffing and start", "bemanning og utgangspunkt"),
    "part.parameters": ("parameters", "parametre"),
    "explain.total": ("all parts together", "alle deler samlet"),
    "explain.contribution": ("Contribution to A − B", "Bidrag til A − B"),
    "explain.same": ("The same in both: {parts}.", "Like i begge: {parts}."),
    "explain.method": (
        "Shapley values over {hybrids} hybrids of A and B, {runs} runs each on the same draws, seed {seed}, "
        "{months} months.",
        "Shapley-verdier over {hybrids} blandinger av A og B, {runs} kjøringer av hver på de samme "
        "trekningene, frø {seed}, {months} måneder.",
    ),
    "explain.missing": (
        "{missing} of {runs} runs are left out: the outcome is undefined in at least one hybrid.",
        "{missing} av {runs} kjøringer er utelatt: utfallet er udefinert i minst én blanding.",
    ),
    "explain.robust_method": (
        "Shapley values over {hybrids} hybrids of A and B in each of {sets} evidence-consistent parameter "
        "sets, {runs} run(s) of each, seed {seed}, {months} months. In brackets: 95 % Wilson interval of the "
        "share. ± is the 95 % interval of the mean over sets.",
        "Shapley-verdier over {hybrids} blandinger av A og B i hvert av {sets} evidenskonsistente "
        "parametersett, {runs} kjøring(er) av hver, frø {seed}, {months} måneder. I parentes: 95 % "
        "Wilson-intervall for andelen. ± er 95 %-intervallet for gjennomsnittet over settene.",
    ),
    "explain.robust_clear": (
        "The part that contributes most is {part}: in “{outcome}” it favours “{a}” in {share} % and “{b}” in "
        "{other} % of {sets} evidence-consistent parameter sets. All parts together favour “{a}” in "
        "{total} %.",
        "Delen som bidrar mest, er {part}: i «{outcome}» taler den for «{a}» i {share} % og for «{b}» i "
        "{other} % av {sets} evidenskonsistente parametersett. Alle deler samlet taler for «{a}» i "
        "{total} %.",
    ),
    "explain.robust_unclear": (
        "The evidence does not settle the sign of the part that contributes most, {part}: in “{outcome}” it "
        "favours “{a}” in {share} % and “{b}” in {other} % of {sets} evidence-consistent parameter sets. All "
        "parts together favour “{a}” in {total} %.",
        "Belegget avgjør ikke fortegnet til delen som bidrar mest, {part}: i «{outcome}» taler den for «{a}» "
        "i {share} % og for «{b}» i {other} % av {sets} evidenskonsistente parametersett. Alle deler samlet "
        "taler for «{a}» i {total} %.",
    ),
    "explain.robust_undefined": (
        "Nothing is said: “{outcome}” is in no parameter set defined in every hybrid of “{a}” and “{b}”; try "
        "more months (--months).",
        "Ingenting sies: «{outcome}» er ikke i noe parametersett definert i hver blanding av «{a}» og «{b}»; "
        "prøv flere måneder (--months).",
    ),
    "explain.rules": (
        "Rules used where parts did not fit together:",
        "Regler brukt der delene ikke passet sammen:",
    ),
    "explain.more": ("{n} more", "{n} til"),
    "explain.clear": (
        "In the model, “{outcome}” of “{a}” minus that of “{b}” is {total} ({runs}); the part that "
        "contributes most is {part}: {share}, an interval that {zero}. Levels are illustrative.",
        "I modellen er «{outcome}» for «{a}» minus det for «{b}» {total} ({runs}); delen som bidrar mest, er "
        "{part}: {share}, et intervall som {zero}. Selve nivåene er illustrative.",
    ),
    "explain.unclear": (
        "In the model there is no clear difference between “{a}” and “{b}” in “{outcome}”: {total} ({runs}); "
        "the part that contributes most is {part}: {share}, an interval that {zero}. The levels themselves "
        "are illustrative.",
        "I modellen er det ingen klar forskjell mellom «{a}» og «{b}» i «{outcome}»: {total} ({runs}); delen "
        "som bidrar mest, er {part}: {share}, et intervall som {zero}. Selve nivåene er illustrative.",
    ),
    "explain.identical": (
        "“{a}” and “{b}” do not differ in anything the model reads.",
        "«{a}» og «{b}» skiller seg ikke i noe modellen leser.",
    ),
    "explain.undefined_headline": (
        "Nothing is said: the implemented rate counts recommendations drafted at least {months} months "
        "before the end, and no run has any in every hybrid of “{a}” and “{b}”; try more months (--months).",
        "Ingenting sies: gjennomføringsgraden teller anbefalinger utarbeidet minst {months} måneder før "
        "slutten, og ingen kjøring har slike i hver blanding av «{a}» og «{b}»; prøv flere måneder "
        "(--months).",
    ),
    "explain.undefined": (
        "Nothing is said: “{outcome}” is defined in every hybrid of “{a}” and “{b}” in only {n} of {runs} "
        "runs; try more runs or months (--runs, --months).",
        "Ingenting sies: «{outcome}» er definert i hver blanding av «{a}» og «{b}» i bare {n} av {runs} "
        "kjøringer; prøv flere kjøringer eller måneder (--runs, --months).",
    ),
    "explain.interval": (
        "{mean}{unit}, 95 % interval {low} to {high}",
        "{mean}{unit}, 95 %-intervall {low} til {high}",
    ),
    "explain.excludes": ("excludes 0", "utelukker 0"),
    "explain.holds": ("holds 0", "omfatter 0"),
    "explain.share": ("percentage points", "prosentpoeng"),
    "explain.level": ("on the scale 0 to 1", "på skalaen 0 til 1"),
    "explain.months": ("months", "måneder"),
    "explain.fte": ("FTE-months", "månedsverk"),
}

RULES = {
    "rule.everyone": (
        "named everyone in its own scenario, so names everyone here",
        "gjaldt alle i sitt eget scenario, så det gjelder alle her",
    ),
    "rule.seats": ("seats of agencies that take no part go", "plasser til etater som ikke deltar, går ut"),
    "rule.forum": ("nobody left in it, so left out", "ingen igjen i det, så det går ut"),
    "rule.chair": ("the chair has no seat and goes", "lederen har ingen plass og går ut"),
    "rule.coordinator": ("the coordinator takes no part", "koordinatoren deltar ikke"),
    "rule.members": ("members that take no part go", "deltakere som ikke er med, går ut"),
    "rule.lead": (
        "led by the member with the nearest core tasks",
        "ledes av deltakeren med nærmest kjerneoppgaver",
    ),
    "rule.project": ("no members left, so left out", "ingen deltakere igjen, så det går ut"),
    "rule.duties": ("no duty-holder left, falls to the lead", "ingen ansvarlig igjen, faller på lederen"),
    "rule.route": (
        "missing bodies replaced by the facilitator or the line",
        "manglende organer erstattet av tilrettelegger eller linje",
    ),
    "rule.ties": ("ties of agencies that take no part go", "bånd til etater som ikke deltar, går ut"),
    "rule.letter": ("no receiver left, so left out", "ingen mottaker igjen, så det går ut"),
    "rule.receivers": (
        "receivers or ministries that take no part go",
        "mottakere eller departementer som ikke er med, går ut",
    ),
    "rule.assignment": (
        "about projects that are not there, so left out",
        "om prosjekter som ikke finnes, så det går ut",
    ),
    "rule.event": ("no ministry left, so left out", "intet departement igjen, så den går ut"),
    "rule.secretariat": (
        "secretariat whose forum is missing sits in another",
        "sekretariat uten sitt forum legges til et annet",
    ),
    "rule.unstaffed": ("no forum at all to sit in, so lost", "intet forum å legges til, så det går ut"),
    "rule.served": (
        "unknown to the other scenario, so served as a forum with the same function",
        "ukjent i det andre scenariet, så det betjenes som et forum med samme funksjon",
    ),
    "rule.unserved": ("secretariat gone, prepared by nobody", "uten sekretariat, ingen forbereder møtene"),
    "rule.chain": ("stays in the municipal chain, from outside", "blir i det kommunale leddet, utenfra"),
    "rule.ministry": ("steers nobody here, so left out", "styrer ingen her, så det går ut"),
    "rule.facilitator": (
        "missing facilitator replaced by another forum",
        "annet forum tilrettelegger i stedet",
    ),
}

STUDY = {**EVIDENCE, **EXPLANATION, **RULES}
