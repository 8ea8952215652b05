"""Words of the report: English, then Norwegian bokmål. Plain enough for readers who do not know the model."""

from __future__ import annotations

FRAME = {
    "report.title": (
        "Two arrangements compared",
        "To ordninger sammenlignet",
    ),
    "report.kind": ("Report from a simulation model", "Rapport fra en simuleringsmodell"),
    "report.contents": ("Contents", "Innhold"),
    "report.skip": ("Skip to the short answer", "Gå til det korte svaret"),
    "report.scroll": ("Scrollable table or figure", "Tabell eller figur som kan rulles sidelengs"),
    "report.question": ("The question", "Spørsmålet"),
    "report.question.text": (
        "In which of the two arrangements is a larger share of the recommendations carried out?",
        "I hvilken av de to ordningene blir en større andel av anbefalingene gjennomført?",
    ),
    "report.question.rate": (
        "The measure is the implemented rate: of the recommendations drafted at least {months} months before "
        "the end of a run, the share that all responsible agencies have carried out within {months} months "
        "of drafting.",
        "Målet er gjennomføringsgraden: av anbefalingene som er utarbeidet minst {months} måneder før "
        "kjøringen slutter, andelen som alle ansvarlige etater har gjennomført innen {months} måneder etter "
        "at de ble utarbeidet.",
    ),
    "report.question.model": (
        "Everything below describes the model, not the world. The sources are qualitative, so the levels are "
        "illustrative. What the model can support is a statement on which arrangement comes out higher, and "
        "how sure that is.",
        "Alt nedenfor beskriver modellen, ikke virkeligheten. Kildene er kvalitative, så nivåene er "
        "illustrative. Det modellen kan gi støtte til, er hvilken ordning som kommer høyest ut, og hvor "
        "sikkert det er.",
    ),
    "report.answer": ("The short answer", "Kort svar"),
    "report.arrangements": ("The arrangements side by side", "Ordningene side ved side"),
    "report.arrangements.differ": (
        "They differ in the rows marked “≠”.",
        "De er ulike i radene som er merket «≠».",
    ),
    "report.lost": ("– lost because {reason}", "– bortfalt fordi {reason}"),
    "report.result": ("The result", "Resultatet"),
    "report.result.text": (
        "Both arrangements were run {runs} times over {months} months, in pairs that share their luck. ± is "
        "the 95 % interval of the mean over runs: it covers chance, not what we do not know about the "
        "parameters.",
        "Begge ordningene er kjørt {runs} ganger over {months} måneder, i par som deler tilfeldighetene. "
        "± er 95 %-intervallet for gjennomsnittet over kjøringene: det dekker tilfeldighet, ikke det vi ikke "
        "vet om parametrene.",
    ),
    "report.funnel": ("Where recommendations are lost", "Hvor anbefalinger faller bort"),
    "report.frameworks": ("In the terms of the sources", "I kildenes rammeverk"),
    "report.frameworks.text": (
        "The sources think in frameworks: a ladder, distances, a matrix. Each is read off both arrangements "
        "and their runs. Which number stands for which word is the model's reading; ± is the 95 % interval "
        "of the mean, and – says that a measure does not apply.",
        "Kildene tenker i rammeverk: en stige, distanser, en matrise. Hvert av dem er lest av på begge "
        "ordningene og kjøringene av dem. Hvilket tall som står for hvilket ord, er modellens lesning; ± er "
        "95 %-intervallet for gjennomsnittet, og – betyr at målet ikke gjelder.",
    ),
    "report.explained": ("What explains the difference", "Hva forklarer forskjellen"),
    "report.explained.text": (
        "Each part of one arrangement was swapped for that of the other, in every combination ({hybrids} "
        "arrangements, {runs} runs of each). A part's contribution is its Shapley value: what the swap "
        "changes, averaged over every order in which the parts can be swapped. The contributions add up to "
        "the whole difference.",
        "Hver del av den ene ordningen er byttet ut med den andres, i alle kombinasjoner ({hybrids} "
        "ordninger, {runs} kjøringer av hver). Bidraget til en del er dens Shapley-verdi: det byttet endrer, "
        "i gjennomsnitt over alle rekkefølger delene kan byttes i. Bidragene summerer seg til hele "
        "forskjellen.",
    ),
    "report.explained.sign": (
        "Positive contributions favour “{a}”, negative ones “{b}”.",
        "Positive bidrag er til fordel for «{a}», negative for «{b}».",
    ),
    "report.rules": (
        "Rules used where parts did not fit together",
        "Regler brukt der delene ikke passet sammen",
    ),
    "report.levers": ("Which levers matter", "Hvilke grep betyr noe"),
    "report.levers.text": (
        "Each lever that comes with the model was pulled alone in each arrangement, {runs} runs on the same "
        "luck as without it. The numbers are changes in the implemented rate, in percentage points.",
        "Hvert grep som følger med modellen, er prøvd alene i hver ordning, {runs} kjøringer med de samme "
        "tilfeldighetene som uten det. Tallene er endring i gjennomføringsgrad, i prosentpoeng.",
    ),
    "report.levers.chance": (
        "With {n} intervals of 95 %, about {expected} would exclude zero by chance alone even if no lever "
        "did anything.",
        "Med {n} intervaller på 95 % ville om lag {expected} utelukke null ved en ren tilfeldighet, selv om "
        "ingen grep virket.",
    ),
    "report.refused": ("Levers that cannot be pulled", "Grep som ikke kan tas"),
    "report.reason": ("Reason", "Grunn"),
    "report.not_pulled": ("not applicable", "ikke aktuelt"),
    "report.reason.already": ("it is pulled already", "grepet er allerede tatt"),
    "report.reason.idle": ("all it asks for is so already", "alt det ber om, er slik fra før"),
    "report.reason.moot": ("{reason}", "{reason}"),
    "report.reason.steer": ("there is no forum that decides", "det finnes ikke noe forum som beslutter"),
    "report.reason.secretariat": (
        "there is no secretariat, and no forum one could serve",
        "det finnes ikke noe sekretariat, og ikke noe forum det kunne betjene",
    ),
    "report.reason.core": (
        "there are too few core agencies for a forum",
        "det er for få kjerneetater til et eget forum",
    ),
    "report.reason.seated": (
        "a forum seats these agencies already",
        "et forum samler allerede disse etatene",
    ),
    "report.reason.municipal": (
        "no municipality takes part",
        "ingen kommuner er med",
    ),
    "report.reason.missing": (
        "something it needs is not there",
        "noe grepet trenger, finnes ikke her",
    ),
    "report.reason.other": ("as the program puts it: {reason}", "med programmets egne ord: {reason}"),
    "report.robust": ("How robust is the ordering", "Hvor robust er rekkefølgen"),
    "report.robust.text": (
        "We do not know the parameters of human behaviour. So both arrangements were run in {sets} parameter "
        "sets that agree with what the sources report, {runs} runs of each.",
        "Vi kjenner ikke parametrene for menneskers atferd. Derfor er begge ordningene kjørt i {sets} "
        "parametersett som stemmer med det kildene forteller, {runs} kjøringer av hvert.",
    ),
    "report.robust.none": (
        "Not examined in this report (--no-robust). Without it, nothing is known about other parameter "
        "values than those used.",
        "Ikke undersøkt i denne rapporten (--no-robust). Da vet vi ikke noe om andre parameterverdier enn de "
        "som er brukt.",
    ),
    "report.limits": ("What the model leaves out", "Hva modellen utelater"),
    "report.evidence": ("Where the numbers are from", "Hvor tallene kommer fra"),
    "report.evidence.text": (
        "Every number in the model has a grade. Sourced: it stands in a source. Derived: computed from such "
        "facts. Assumed: our own choice, with the reason.",
        "Hvert tall i modellen er gradert. Kildebelagt: det står i en kilde. Avledet: regnet ut fra det som "
        "står der. Antatt: vårt eget valg, med begrunnelse.",
    ),
    "report.evidence.shares": (
        "Share of each grade, in per cent",
        "Andelen av hver gradering, i prosent",
    ),
    "report.evidence.all": (
        "All numbers of “{title}”, grouped by field and source",
        "Alle tall i «{title}», gruppert etter felt og kilde",
    ),
    "report.part": ("Part", "Del"),
    "arrangement.one": ("Arrangement", "Ordning"),
    "report.repeat": ("How to repeat this", "Slik gjentar du dette"),
    "report.repeat.text": (
        "The same command with the same version gives the same numbers.",
        "Den samme kommandoen med den samme versjonen gir de samme tallene.",
    ),
    "report.repeat.command": ("Command", "Kommando"),
    "report.repeat.numbers": ("The numbers alone", "Bare tallene"),
    "report.repeat.version": ("Version", "Versjon"),
    "report.repeat.seed": ("Seed", "Frø"),
    "report.repeat.runs": ("Runs", "Kjøringer"),
    "report.repeat.runs.text": (
        "{runs} of each arrangement; {few} of each hybrid and each lever",
        "{runs} av hver ordning; {few} av hver blanding og hvert grep",
    ),
    "report.repeat.months": ("Months", "Måneder"),
    "report.repeat.parameters": ("Parameters set", "Parametre satt"),
    "report.repeat.sets": ("Parameter sets", "Parametersett"),
    "report.repeat.hash": ("Fingerprint (SHA-256) of “{name}”", "Fingeravtrykk (SHA-256) av «{name}»"),
    "report.none": ("none", "ingen"),
}

FACTS = {
    "fact.name": ("Name in the program", "Navn i programmet"),
    "fact.agencies": ("Agencies", "Etater"),
    "fact.agencies.text": ("{n}, of which {core} in the core", "{n}, derav {core} i kjernen"),
    "fact.ministries": ("Ministries that steer them", "Departementer som styrer dem"),
    "fact.coordinator": ("Coordinator", "Koordinator"),
    "fact.forums": ("Forums, and seats in them", "Fora, og plasser i dem"),
    "fact.forum": ("{title} ({seats})", "{title} ({seats})"),
    "fact.cadence": ("Meetings a year, all forums", "Møter i året, alle fora"),
    "fact.secretariat": ("Secretariat (FTE)", "Sekretariat (årsverk)"),
    "fact.mandate": ("Clarity of mandates (0 to 1)", "Klarhet i mandatene (0 til 1)"),
    "fact.mandate.text": ("forums {forums}, projects {projects}", "fora {forums}, prosjekter {projects}"),
    "fact.rule": ("How cases are decided", "Hvordan saker avgjøres"),
    "fact.route": ("Decision route", "Beslutningsvei"),
    "fact.stop_points": ("Stop points with the line, per project", "Stoppunkter i linjen, per prosjekt"),
    "fact.delivery": ("Delivery", "Leveranse"),
    "fact.follow_up": ("Follow-up after hand-over (0 to 1)", "Oppfølging etter overlevering (0 til 1)"),
    "fact.portfolio": ("Portfolio", "Portefølje"),
    "fact.portfolio.text": (
        "{projects} projects with {recommendations} recommendations; {commissioned} projects commissioned",
        "{projects} prosjekter med {recommendations} anbefalinger; {commissioned} av prosjektene er bestilt",
    ),
    "fact.letters": ("Letters from ministries", "Brev fra departementene"),
    "fact.start": ("First month", "Første måned"),
    "fact.levers": ("Levers pulled", "Grep tatt"),
    "rule.decide.consensus": ("consensus", "konsensus"),
    "rule.decide.majority": ("majority", "flertall"),
    "rule.decide.lead": ("the lead decides", "prosjektlederen avgjør"),
    "rule.decide.authority": ("the chair decides", "forumets leder avgjør"),
    "fact.line": ("the line of the agency in the lead", "linjen i etaten som leder prosjektet"),
}

SAID = {
    "said.robust.above": (
        "Over the parameter sets that the sources do not rule out, “{high}” has the higher implemented rate "
        "in {share} per cent of {sets} sets (95 % interval {low} to {top}).",
        "Over parametersettene som kildene ikke utelukker, har «{high}» høyest gjennomføringsgrad i {share} "
        "prosent av {sets} sett (95 %-intervall {low} til {top}).",
    ),
    "said.robust.undecided": (
        "The sources do not settle the ordering: “{a}” has the higher implemented rate in {share} per cent "
        "of {sets} parameter sets (95 % interval {low} to {top}).",
        "Kildene avgjør ikke rekkefølgen: «{a}» har høyest gjennomføringsgrad i {share} prosent av {sets} "
        "parametersett (95 %-intervall {low} til {top}).",
    ),
    "said.robust.undefined": (
        "Over parameter sets nothing can be said: the implemented rate is in no set defined for both.",
        "Over parametersettene kan ingenting sies: gjennomføringsgraden er ikke definert for begge i noe "
        "sett.",
    ),
    "said.verdict.agree": (
        "The two answers point the same way.",
        "De to svarene peker samme vei.",
    ),
    "said.verdict.opposite": (
        "The two answers point in opposite directions: with the parameter values used, “{here}” is higher, "
        "over the sets mostly “{there}”. Neither should be used alone.",
        "De to svarene peker hver sin vei: med parameterverdiene som er brukt her, ligger «{here}» høyest, "
        "over settene oftest «{there}». Ingen av dem bør brukes alene.",
    ),
    "said.verdict.only_sets": (
        "So with the parameter values used there is no clear difference, but over the sets “{there}” is "
        "higher more often than not.",
        "Med parameterverdiene som er brukt her, er det altså ingen klar forskjell, men «{there}» "
        "ligger høyest i mer enn halvparten av settene.",
    ),
    "said.verdict.only_here": (
        "So the difference found with the parameter values used is not confirmed in more than half of the "
        "sets.",
        "Forskjellen med parameterverdiene som er brukt her, bekreftes altså ikke i mer enn halvparten av "
        "settene.",
    ),
    "said.verdict.neither": (
        "So the model does not say which arrangement is higher.",
        "Modellen sier altså ikke hvilken ordning som ligger høyest.",
    ),
    "said.split": (
        "The ordering shifts most with “{meaning}” ({parameter}): up to {threshold}, “{a}” is higher in "
        "{below} per cent of the sets, above that in {above} per cent. Those shares are from sets that the "
        "threshold was not chosen on.",
        "Rekkefølgen skifter mest med «{meaning}» ({parameter}): til og med {threshold} ligger «{a}» høyest "
        "i {below} prosent av settene, over det i {above} prosent. Andelene er fra sett som terskelen ikke "
        "ble valgt på.",
    ),
    "said.no_split": (
        "No single parameter tells where the ordering shifts: no threshold separates the sets beyond chance.",
        "Ingen enkelt parameter viser hvor rekkefølgen skifter: ingen terskel skiller settene ut over det "
        "tilfeldige.",
    ),
    "said.reached": (
        "“{title}”: of {planned} planned recommendations, {implemented} are carried out by the end of the "
        "run, on average.",
        "«{title}»: Av {planned} planlagte anbefalinger er i gjennomsnitt {implemented} gjennomført når "
        "kjøringen slutter.",
    ),
    "said.nothing_planned": (
        "“{title}”: no recommendation is planned.",
        "«{title}»: Ingen anbefaling er planlagt.",
    ),
    "said.loss.one": (
        "The most frequent reason for loss is that {reason}: {count} on average.",
        "Den vanligste grunnen til bortfall er at {reason}: {count} i gjennomsnitt.",
    ),
    "said.loss.two": (
        "The most frequent reasons for loss are that {reason} ({count} on average) and that {other} "
        "({count2}); it is not clear which of them weighs more.",
        "De vanligste grunnene til bortfall er at {reason} ({count} i gjennomsnitt) og at {other} "
        "({count2}); det er ikke klart hvilken av dem som veier mest.",
    ),
    "said.loss.none": ("None is lost.", "Ingen faller bort."),
    "said.loss.single": (
        "One run does not show where most are lost.",
        "Én kjøring viser ikke hvor flest faller bort.",
    ),
    "said.waiting": (
        "On average, {count} are still on the way when the run ends.",
        "I gjennomsnitt er {count} fortsatt underveis når kjøringen slutter.",
    ),
    "loss.not_drafted": ("they are never drafted", "de aldri blir utarbeidet"),
    "loss.disagreement": ("the parties do not agree", "partene ikke blir enige"),
    "loss.ministries": ("the ministries stop them", "departementene stopper dem"),
    "loss.line": ("the line does not take them up", "linjen ikke tar dem inn"),
    "loss.municipalities": (
        "the municipalities do not take them up",
        "kommunene ikke tar dem inn",
    ),
    "said.parts.identical": (
        "The two arrangements do not differ in anything the model reads.",
        "De to ordningene skiller seg ikke i noe modellen leser.",
    ),
    "said.parts.undefined": (
        "Nothing is said: the implemented rate is defined in all combinations in only {n} of {runs} runs.",
        "Ingenting sies: gjennomføringsgraden er definert i alle kombinasjoner i bare {n} av {runs} "
        "kjøringer.",
    ),
    "said.parts.for": (
        "Clearly in favour of “{title}”, in percentage points: {parts}.",
        "Klart til fordel for «{title}», i prosentpoeng: {parts}.",
    ),
    "said.parts.none": (
        "No single part makes a clear difference.",
        "Ingen enkelt del gjør en klar forskjell.",
    ),
    "said.parts.largest": (
        "The largest contribution is that of the part “{part}”.",
        "Størst er bidraget fra delen «{part}».",
    ),
    "said.parts.close": (
        "It is not clear which contribution is largest.",
        "Det er ikke klart hvilket bidrag som er størst.",
    ),
    "said.parts.opposed": (
        "The parts pull in opposite directions.",
        "Delene trekker i hver sin retning.",
    ),
    "said.parts.only": (
        "Only the part “{part}” differs, so it carries the whole difference.",
        "Bare delen «{part}» er ulik, så den bærer hele forskjellen.",
    ),
    "said.levers.count": (
        "“{title}”: {n} levers can be pulled. The implemented rate clearly rises with {up} of them, clearly "
        "falls with {down}, and does not clearly change with {rest}.",
        "«{title}»: Av {n} grep som kan tas, øker {up} gjennomføringsgraden klart, {down} senker den klart, "
        "og {rest} gjør ingen klar forskjell.",
    ),
    "said.levers.first": (
        "The largest estimated rise is that of “{lever}”: {points} percentage points.",
        "Størst anslått økning gir «{lever}»: {points} prosentpoeng.",
    ),
    "said.levers.unsure": (
        "The largest estimated rise is that of “{lever}”: {points} percentage points, but not clearly ahead "
        "of “{other}”.",
        "Størst anslått økning gir «{lever}»: {points} prosentpoeng, men ikke klart foran «{other}».",
    ),
    "said.levers.none": (
        "“{title}”: no lever could be tried.",
        "«{title}»: Ingen grep lot seg prøve.",
    ),
    "said.levers.undefined": (
        "“{title}”: nothing can be said about any lever, as too few runs have an implemented rate.",
        "«{title}»: Ingenting kan sies om noe grep, for det er for få kjøringer med en gjennomføringsgrad.",
    ),
    "said.evidence": (
        "“{title}”: of {n} numbers, {sourced} per cent are sourced, {derived} per cent derived and {assumed} "
        "per cent assumed.",
        "«{title}»: Av {n} tall er {sourced} prosent kildebelagt, {derived} prosent avledet og {assumed} "
        "prosent antatt.",
    ),
    "said.and": ("{first} and {last}", "{first} og {last}"),
}

LIMITS = {
    "limit.people": (
        "Children, young people and families. The model ends where an agency has carried out its part; "
        "whether that helps anyone, is not modelled.",
        "Barn, unge og familier. Modellen slutter der en etat har gjort sin del; om det hjelper noen, er "
        "ikke modellert.",
    ),
    "limit.levels": (
        "Levels. No rate here is a forecast. Most behavioural parameters are assumptions with ranges.",
        "Nivåer. Ingen andel her er en prognose. De fleste parametrene for atferd er antakelser med spenn.",
    ),
    "limit.named": (
        "The agencies themselves. Their numbers are coarse descriptions, not assessments of a named agency, "
        "ministry or person.",
        "Etatene selv. Tallene om dem er grove beskrivelser, ikke vurderinger av en navngitt etat, et "
        "departement eller en person.",
    ),
    "limit.scheming": (
        "Strategy. Agencies in the model do not trade favours or learn to play the game.",
        "Strategi. Etatene i modellen bytter ikke tjenester og lærer ikke å spille spillet.",
    ),
    "limit.content": (
        "Content. Whether a recommendation is wise, is not modelled; only whether it gets through.",
        "Innholdet. Om en anbefaling er klok, er ikke modellert; bare om den når fram.",
    ),
    "limit.politics": (
        "Politics. Parliament, elections and crises are outside; law and budget are one chance a year.",
        "Politikken. Storting, valg og kriser er utenfor; lov og budsjett er én mulighet i året.",
    ),
    "limit.membership": (
        "Change along the way. Forums and letters have dates, but nobody joins or leaves during a run.",
        "Endring underveis. Fora og brev har datoer, men ingen kommer til eller går ut underveis.",
    ),
    "limit.wholes": (
        "Single causes. Two arrangements often differ in structure, portfolio and letters at once.",
        "Enkeltårsaker. To ordninger er ofte ulike i struktur, portefølje og brev på én gang.",
    ),
}

PICTURES = {
    "alt.structure": (
        "Map of “{title}”: {ministries} ministries above {agencies} agencies, with {forums} forums and their "
        "seats below.",
        "Kart over «{title}»: {ministries} departementer over {agencies} etater, med {forums} fora og "
        "plassene i dem under.",
    ),
    "alt.differences": (
        "Paired differences between the arrangements with 95 % intervals. The numbers stand in the table "
        "above.",
        "Parvise forskjeller mellom ordningene med 95 %-intervaller. Tallene står i tabellen over.",
    ),
    "alt.funnel": (
        "Bars of how many recommendations reach each stage in each arrangement, and why the others do not. "
        "The numbers stand in the table below.",
        "Søyler for hvor mange anbefalinger som når hvert stadium i hver ordning, og hvorfor de andre ikke "
        "gjør det. Tallene står i tabellen under.",
    ),
    "alt.frameworks": (
        "Bars of the share of runs that reach each rung of the ladder, and of the share that gets through "
        "each link of the chain, in each arrangement. The numbers stand in the tables below.",
        "Søyler for andelen av kjøringene som når hvert trinn på stigen, og for andelen som kommer gjennom "
        "hvert ledd i kjeden, i hver ordning. Tallene står i tabellene under.",
    ),
    "alt.parts": (
        "Bars of each part's contribution to the difference, with 95 % intervals. The numbers stand in the "
        "table below.",
        "Søyler for bidraget fra hver del til forskjellen, med 95 %-intervaller. Tallene står i tabellen "
        "under.",
    ),
    "alt.levers": (
        "Bars of what each lever changes in each arrangement, with 95 % intervals. The numbers stand in the "
        "table below.",
        "Søyler for hva hvert grep endrer i hver ordning, med 95 %-intervaller. Tallene står i tabellen "
        "under.",
    ),
    "alt.robust": (
        "The difference in every parameter set, sorted, and over the two parameters it hangs on most.",
        "Forskjellen i hvert parametersett, sortert, og over de to parametrene den henger mest på.",
    ),
    "alt.meetings": (
        "Share of meeting time spent on structure and process in each arrangement, against substance.",
        "Andelen av møtetiden som går til struktur og prosess i hver ordning, mot innhold.",
    ),
    "caption.parts": ("Contribution to the difference", "Bidrag til forskjellen"),
    "caption.levers": (
        "Change in the implemented rate with each lever",
        "Endring i gjennomføringsgrad med hvert grep",
    ),
    "caption.numbers": ("Main outcomes", "De viktigste utfallene"),
    "caption.structure": ("Structure of “{title}”", "Strukturen i «{title}»"),
    "caption.meetings": ("What meeting time is spent on", "Hva møtetiden brukes på"),
    "caption.robust": ("Over the parameter sets", "Over parametersettene"),
}

REPORT = {**FRAME, **FACTS, **SAID, **LIMITS, **PICTURES}
"""Words by key."""
