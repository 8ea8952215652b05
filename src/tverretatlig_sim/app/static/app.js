// What is chosen stands in the address; a change writes it there, asks the server, and draws the answer.

import { ask, instead, stream } from "./ask.js";
import { SIDES, drawChart } from "./chart.js";
import { all, byId, comma, html, notify, onKey, row, say, set } from "./dom.js";
import { drawLanes, fate, heights } from "./lanes.js";
import { drawMap } from "./map.js";

const LAST = "last";
const HOVER_DELAY = 40; // milliseconds on a switch before its history is fetched ahead
const PERCENT = new Set(["implemented_share", "structure_share"]);
const { choice, usual, words } = JSON.parse(byId("data").textContent);

let shown = null; // the document of /view that is drawn
let drawn = {}; // its maps and lanes
let ensemble = null; // the latest bands
let cause = null; // the last change of levers: its side, its words, and what there was before
let wanted = null; // signal of what was asked for last
let bands = null; // the stream of bands
let timer = null;
let hoverTimer = null; // timer of a switch that is pointed at
let prefetching = false; // one history at a time is fetched ahead
let addressNotices = all("#notices p").map((notice) => notice.textContent); // about the address

// --- the address -----------------------------------------------------------------------------------------

function query(changes = {}) {
  const fields = { ...choice, ...changes };
  const written = Object.entries(fields).filter(([key, value]) => value !== (usual[key] ?? ""));
  return new URLSearchParams(written).toString();
}

/** Writes what is chosen; as a step that Back undoes, if something else than the month was chosen. */
function writeAddress(step = false) {
  if (step && `?${query()}` !== location.search) history.pushState(null, "", `?${query()}`);
  else history.replaceState(null, "", `?${query()}`);
  byId("language").href = `?${query({ lang: byId("language").hreflang })}`;
}

const asked = (what, signal) => ask(`${what}?${query()}`, signal);

// --- asking and drawing ----------------------------------------------------------------------------------

/** Something other than the month has changed: everything is asked anew. */
function refresh(step = false) {
  bands?.close();
  writeAddress(step);
  document.body.classList.add("stale");
  instead(async (signal) => {
    wanted = signal;
    accept(await asked("view", signal));
    ensemble = null;
    tellEffect();
    draw();
    document.body.classList.remove("stale");
    const begun = watchBands();
    await showStory(signal);
    await begun; // availability of levers takes longer than the first bands, and is less urgent
    setSwitches(await asked("levers", signal));
  });
}

/** The choice as the server understood it. */
function accept(answer) {
  Object.assign(choice, answer.choice);
  shown = answer;
  byId("month").max = shown.months;
  if (month() === shown.months) choice.month = LAST;
  for (const side of SIDES) byId(`scenario-${side}`).value = choice[side];
  for (const key of ["run", "seed", "series"]) byId(key).value = choice[key];
  notify([...addressNotices, ...answer.notices]);
  addressNotices = [];
  for (const side of SIDES) openPane(side, choice[`pane_${side}`]);
  writeAddress();
}

const month = () => (choice.month === LAST ? shown.months : Math.min(Number(choice.month), shown.months));

function draw() {
  const high = heights(SIDES.map((side) => shown[side]), shown.months);
  for (const side of SIDES) {
    // What decides how a side is drawn; a side whose history is the same stays as it is.
    const history = JSON.stringify([choice[side], choice[`with_${side}`], choice.seed, choice.run, innerWidth, high, cause?.side === side && cause.words]);
    if (drawn[side]?.history !== history) drawn[side] = { history, ...drawSide(side, high) };
    drawn[side].lanes.mark(choice.rec);
    showCounts(side);
  }
  showMonth();
}

function drawSide(side, high) {
  const data = shown[side];
  byId(`summary-${side}`).textContent = [data.summary, ...data.notes].join(" ");
  const map = drawMap(side, data, words, month());
  const lanes = drawLanes(side, data, words, high, month(), chooseRecommendation);
  return { map, lanes, month: month() };
}

function showMonth() {
  const now = month();
  for (const side of SIDES) {
    if (drawn[side].month === now) continue;
    drawn[side].map.show(now);
    drawn[side].lanes.show(now);
    drawn[side].month = now;
  }
  const [dateA, dateB] = shown.dates.map((dates) => dates[now - 1]);
  const date = dateA === dateB ? dateA : `A ${dateA}, B ${dateB}`;
  const when = say(words[now ? "app.month_of" : "app.start"], { date, month: now, months: shown.months });
  byId("when").textContent = when;
  byId("month").value = now;
  byId("month").setAttribute("aria-valuetext", when);
  byId("now").tBodies[0].replaceChildren(...shown.headings.map((heading, place) =>
    row(heading, SIDES.map((side) => shown[side].numbers[now - 1]?.[place] ?? "–"), SIDES)));
  for (const line of all(".story li[data-month]"))
    line.classList.toggle("later", Number(line.dataset.month) > now || (line.dataset.month === "0" && now < shown.months));
  plot();
}

function plot() {
  const name = choice.series;
  const label = say(words["app.bands.chart"], { series: byId("series").selectedOptions[0].textContent });
  const lines = Object.fromEntries(SIDES.map((side) => [side, shown[side].series[name]]));
  drawChart({ bands: ensemble?.bands[name], lines, months: shown.months, month: month(), percent: PERCENT.has(name), label });
}

/** Draws bands as they come; resolves when there is a first answer, if only that others come first. */
function watchBands() {
  byId("progress").textContent = words["app.busy"];
  return new Promise((resolve) => {
    bands = stream(`bands?${query()}`, (update) => {
      showBands(update);
      resolve();
    });
    bands.onerror = resolve;
  });
}

function showBands(update) {
  if (update.waiting) {
    byId("progress").textContent = words["app.bands.waiting"];
    return;
  }
  ensemble = update;
  byId("progress").textContent = say(words["app.bands.progress"], update);
  plot();
  drawOutcomes();
  if (update.done === update.runs) {
    bands.close();
    tellMany();
  }
  if (update.frameworks) drawFrameworks(update.frameworks);
}

function drawOutcomes() {
  const name = choice.series;
  const middle = [say(words["app.bands.last"], { series: byId("series").selectedOptions[0].textContent }), ...ensemble.middle[name], ""];
  byId("outcomes").tBodies[0].replaceChildren(...[...ensemble.outcomes, middle].map(([heading, ...cells]) => row(heading, cells, SIDES)));
  byId("finding").textContent = ensemble.done === ensemble.runs ? ensemble.finding : "";
}

function drawFrameworks(frameworks) {
  const bodies = frameworks.map(([heading, rows]) =>
    html("tbody", {}, html("tr", {}, html("th", { scope: "rowgroup", colspan: 3, text: heading })),
      ...rows.map(([name, ...cells]) => row(name, cells, SIDES))));
  byId("frameworks").replaceChildren(byId("frameworks").tHead, ...bodies);
}

// --- recommendations -------------------------------------------------------------------------------------

/** The story of a piece opens under its own side's pieces; chosen again, or with Escape, it closes. */
async function chooseRecommendation(name) {
  choice.rec = name === choice.rec ? "" : name;
  for (const side of SIDES) {
    drawn[side].lanes.mark(choice.rec);
    const here = shown[side].lanes.some((lane) => lane.name === choice.rec);
    if (here) openPane(side, "story");
    else if (choice[`pane_${side}`] === "story") openPane(side, "map");
  }
  writeAddress(true);
  await showStory(wanted).catch(() => {});
}

function openPane(side, pane) {
  choice[`pane_${side}`] = pane;
  for (const button of all(`[data-pane][data-side=${side}]`)) {
    const open = button.dataset.pane === pane;
    button.setAttribute("aria-pressed", String(open));
    byId(button.getAttribute("aria-controls")).hidden = !open;
  }
  byId(`effect-${side}`).hidden = !["levers", "dials"].includes(pane);
}

async function showStory(signal) {
  const told = choice.rec ? await asked("story", signal) : {};
  for (const side of SIDES) {
    const absent = choice.rec ? say(words["app.story.absent"], { side: side.toUpperCase() }) : words["app.story.none"];
    const story = told[side];
    const events = story?.events.map((event) => html("li", { "data-month": event.month, text: event.text }));
    byId(`story-${side}`).replaceChildren(...(story
      ? [html("h3", { text: story.title }), html("p", { text: story.facts }), html("ol", {}, ...events)]
      : [html("p", { text: absent })]));
  }
  showMonth();
}

// --- levers ----------------------------------------------------------------------------------------------

const isDial = (lever) => lever.includes("=");
const chosenOn = (side) => choice[`with_${side}`].split(",").filter(Boolean);

function showCounts(side) {
  const dials = chosenOn(side).filter(isDial).length;
  byId(`count-levers-${side}`).textContent = chosenOn(side).length - dials || "";
  byId(`count-dials-${side}`).textContent = dials || "";
  const own = (choice[`do_${side}`] ?? "").split("\n").filter(Boolean);
  const pulled = chosenOn(side).map((lever) => (isDial(lever) ? `dial.${lever}` : `lever.${lever}=true`));
  const lines = [...own, ...pulled].map((line) => ["do", line]);
  if (choice[`since_${side}`]) lines.push(["since", choice[`since_${side}`]]);
  byId(`one-page-${side}`).href = `/change?${new URLSearchParams([["base", choice[side]], ...lines, ["lang", choice.lang]])}`;
}

/** What the last change did to this history, above its cause: recommendations that end elsewhere now. */
function tellEffect() {
  if (cause?.text) cause = null; // it was told before, and something else has changed since
  for (const side of SIDES) if (cause?.side !== side) byId(`effect-${side}`).replaceChildren();
  if (!cause) return;
  const lanes = shown[cause.side].lanes;
  const fates = new Map(cause.lanes.map((lane) => [lane.name, fate(lane)]));
  for (const lane of lanes) lane.bent = fates.get(lane.name) !== fate(lane);
  const implemented = (all) => all.filter((lane) => fate(lane).startsWith("5")).length;
  const bent = lanes.filter((lane) => lane.bent).length;
  cause.text = say(words["app.effect"], { cause: cause.words, bent, all: lanes.length, before: implemented(cause.lanes), after: implemented(lanes) });
  putEffect("");
}

/** The effect, and over all histories once they are there; its cause, which is lower down, stays where it is. */
function putEffect(many) {
  const effect = byId(`effect-${cause.side}`);
  const before = effect.offsetHeight;
  effect.replaceChildren(html("b", { text: cause.text }), html("span", { text: ` ${many}` }));
  const pane = byId(`${choice[`pane_${cause.side}`]}-pane-${cause.side}`);
  pane.scrollTop += effect.offsetHeight - before;
  if (pane.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
}

function tellMany() {
  if (!cause?.rate) return;
  const [heading, ...rates] = ensemble.outcomes[0];
  putEffect(say(words["app.effect.many"], { runs: ensemble.runs, heading, before: cause.rate, after: rates[SIDES.indexOf(cause.side)] }));
}

function setSwitches(switches) {
  for (const input of all("input[data-lever], input[data-dial]")) {
    const { side, lever, dial } = input.dataset;
    const { on, reason, stands } = switches[side][lever ?? dial];
    const item = input.closest("li");
    item.classList.toggle("refused", Boolean(reason));
    item.querySelector(".reason").textContent = reason;
    if (lever) {
      input.checked = on;
      set(input, { "aria-disabled": reason ? "true" : null });
    } else {
      input.disabled = Boolean(reason);
      input.dataset.stands = stands;
      showDial(input);
    }
  }
}

/** What is pulled on a side, with a lever or dial or without it. */
function leversWith(input, on) {
  const { side, lever, dial } = input.dataset;
  const others = chosenOn(side).filter((it) => it !== lever && !it.startsWith(`${dial}=`));
  return (on ? [...others, lever ?? `${dial}=${Number(input.value)}`] : others).sort().join(",");
}

function change(input, on, what) {
  const { side } = input.dataset;
  choice[`with_${side}`] = leversWith(input, on);
  const rate = ensemble?.done === ensemble?.runs && ensemble?.outcomes[0][1 + SIDES.indexOf(side)];
  cause = shown && { side, words: what, lanes: shown[side].lanes, rate };
  showCounts(side);
  refresh(true);
}

/** Only levers whose words hold what is looked for. */
function find(event) {
  const wanted = event.target.value.trim().toLocaleLowerCase();
  for (const group of all("section", event.target.parentElement)) {
    const items = all("li", group);
    for (const item of items) item.hidden = !`${group.firstElementChild.textContent} ${item.textContent}`.toLocaleLowerCase().includes(wanted);
    group.hidden = items.every((item) => item.hidden);
  }
}

/** A switch is pointed at: fetch the history it would show, so that the server has it ready. */
function prefetch(event) {
  const input = event.target.closest?.("li")?.querySelector("input[data-lever]");
  clearTimeout(hoverTimer);
  if (!input || input.getAttribute("aria-disabled") === "true" || prefetching) return;
  hoverTimer = setTimeout(async () => {
    prefetching = true;
    await fetch(`view?${query({ [`with_${input.dataset.side}`]: leversWith(input, !input.checked) })}`).catch(() => {});
    prefetching = false;
  }, HOVER_DELAY);
}

// --- dials -----------------------------------------------------------------------------------------------

/** The slider, what it says beside it, and the way back, as chosen. */
function showDial(input) {
  const setting = chosenOn(input.dataset.side).find((lever) => lever.startsWith(`${input.dataset.dial}=`));
  input.value = setting ? setting.split("=")[1] : input.dataset.stands ?? input.min;
  const item = input.closest("li");
  item.classList.toggle("unset", !setting);
  item.querySelector("button").disabled = !setting;
  describeDial(input, Boolean(setting));
}

function describeDial(input, on) {
  const text = on ? comma(input.value) : say(words["app.as_it_is"], { value: comma(input.dataset.stands ?? "–") });
  input.closest("li").querySelector("output").textContent = text;
  input.setAttribute("aria-valuetext", text);
}

function setDial(input, on) {
  change(input, on, `${input.labels[0].textContent}: ${input.getAttribute("aria-valuetext")}`);
  showDial(input);
}

function listenToDials() {
  for (const input of all("input[data-dial]")) {
    showDial(input);
    set(input, { input: () => describeDial(input, true), change: () => setDial(input, true) });
  }
  for (const button of all("button[data-reset]"))
    button.addEventListener("click", () => {
      const input = byId(button.dataset.reset);
      input.focus(); // the button is about to be disabled
      setDial(input, false);
    });
}

// --- time ------------------------------------------------------------------------------------------------

function setMonth(next) {
  choice.month = next >= shown.months ? LAST : String(Math.max(0, next));
  writeAddress();
  showMonth();
}

function play(on) {
  clearTimeout(timer);
  timer = null;
  set(byId("play"), { text: on ? words["app.pause"] : words["app.play"], "aria-pressed": String(on) });
  if (!on) return;
  if (month() >= shown.months) setMonth(0);
  timer = setTimeout(() => {
    setMonth(month() + 1);
    play(month() < shown.months);
  }, Number(byId("speed").value));
}

// --- the rest --------------------------------------------------------------------------------------------

/** Another arrangement, or another history. */
function choose(key, value) {
  choice[key] = value;
  if (SIDES.includes(key)) {
    choice.part = ""; // another arrangement is no longer the lesson's
    for (const link of all(".menu [aria-current]")) link.removeAttribute("aria-current");
    byId("question")?.remove();
    choice[`do_${key}`] = choice[`since_${key}`] = ""; // its lines were about the one before
  }
  refresh(true);
}

/** Back and forth through what was chosen. */
function restore() {
  const asked = new URLSearchParams(location.search);
  for (const key of Object.keys(choice)) choice[key] = asked.get(key) ?? usual[key] ?? "";
  document.documentElement.dataset.theme = byId("theme").value = choice.theme;
  cause = null;
  play(false);
  refresh();
}

/** Space plays and arrows step, wherever they mean nothing else. */
function shortcut(event) {
  if (!shown) return false;
  const steps = { ArrowLeft: -1, ArrowRight: 1 };
  const busy = event.target.closest("input, select, textarea, [role=button]");
  if (event.key === "Escape" && choice.rec) return chooseRecommendation(choice.rec);
  if (event.key === " " && !busy && !event.target.closest("button, summary")) return play(timer === null);
  if (busy || !(event.key in steps)) return false;
  play(false);
  return setMonth(month() + steps[event.key]);
}

function listen() {
  document.addEventListener("click", (event) => {
    if (event.target.getAttribute?.("aria-disabled") === "true") event.preventDefault();
  });
  for (const input of all("input[data-lever]"))
    input.addEventListener("change", () => change(input, input.checked, `${input.checked ? "+" : "−"} ${input.labels[0].textContent}`));
  for (const pointing of ["pointerover", "focusin"]) document.addEventListener(pointing, prefetch);
  for (const side of SIDES) byId(`scenario-${side}`).addEventListener("change", (event) => choose(side, event.target.value));
  for (const key of ["run", "seed"]) byId(key).addEventListener("change", (event) => choose(key, event.target.value));
  byId("another").addEventListener("click", () => choose("run", String((Number(choice.run) + 1) % 1000)));
  byId("series").addEventListener("change", (event) => {
    choice.series = event.target.value;
    writeAddress(true);
    plot();
    if (ensemble) drawOutcomes();
  });
  byId("theme").addEventListener("change", (event) => {
    choice.theme = document.documentElement.dataset.theme = event.target.value;
    writeAddress();
  });
  for (const button of all("[data-pane]"))
    button.addEventListener("click", () => { openPane(button.dataset.side, button.dataset.pane); writeAddress(); });
  for (const input of all("[data-find]")) input.addEventListener("input", find);
  onKey(document, shortcut);
  addEventListener("popstate", restore);
  byId("month").addEventListener("input", (event) => { play(false); setMonth(Number(event.target.value)); });
  byId("play").addEventListener("click", () => play(timer === null));
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width || !shown) return;
    width = innerWidth;
    draw();
  });
}

byId("play").textContent = words["app.play"];
listen();
listenToDials();
refresh();
