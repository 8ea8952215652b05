// What is chosen stands in the address; a change writes it there, asks the server, and draws the answer.

import { ask } from "./ask.js";
import { drawChart } from "./chart.js";
import { byId, comma, html, say } from "./dom.js";
import { drawLanes } from "./lanes.js";
import { drawMap } from "./map.js";

const SIDES = ["a", "b"];
const HOVER_DELAY = 40; // milliseconds on a switch before its history is fetched ahead
const PERCENT = new Set(["implemented_share", "structure_share"]);
const { choice, usual, words } = JSON.parse(byId("data").textContent);

let shown = null; // the document of /view that is drawn
let drawn = {}; // its maps and lanes
let ensemble = null; // the latest bands
let asking = new AbortController();
let stream = null;
let timer = null;
let hoverTimer = null; // timer of a switch that is pointed at
let prefetching = false; // one history at a time is fetched ahead
let addressNotices = [...document.querySelectorAll("#notices p")].map((notice) => notice.textContent); // about the address

// --- the address -----------------------------------------------------------------------------------------

function query(changes = {}) {
  const fields = { ...choice, ...changes };
  const written = Object.entries(fields).filter(([key, value]) => value !== (usual[key] ?? ""));
  return new URLSearchParams(written).toString();
}

function writeAddress() {
  history.replaceState(null, "", `?${query()}`);
  const language = byId("language");
  const [key, value] = language.dataset.set.split("=");
  language.href = `?${query({ [key]: value })}`;
}

const asked = (what, signal) => ask(`${what}?${query()}`, signal);

// --- asking and drawing ----------------------------------------------------------------------------------

/** Something other than the month has changed: everything is asked anew. */
async function refresh() {
  asking.abort();
  stream?.close();
  asking = new AbortController();
  const { signal } = asking;
  writeAddress();
  document.body.setAttribute("aria-busy", "true");
  document.body.classList.add("stale");
  try {
    const answer = await asked("view", signal);
    accept(answer);
    ensemble = null;
    draw();
    document.body.classList.remove("stale");
    const begun = watchBands();
    if (choice.rec) await showStory(signal);
    await begun; // availability of levers takes longer than the first bands, and is less urgent
    setSwitches(await asked("levers", signal));
  } catch (error) {
    if (error.name !== "AbortError") notify([error.message]);
  } finally {
    if (!signal.aborted) document.body.removeAttribute("aria-busy");
  }
}

/** The choice as the server understood it. */
function accept(answer) {
  Object.assign(choice, answer.choice);
  shown = answer;
  if (!choice.month || Number(choice.month) === shown.months) choice.month = "";
  byId("month").max = shown.months;
  byId("month").value = month();
  for (const side of SIDES) byId(`scenario-${side}`).value = choice[side];
  for (const key of ["run", "seed", "series"]) byId(key).value = choice[key];
  notify([...addressNotices, ...answer.notices]);
  addressNotices = [];
  writeAddress();
}

const month = () => Number(choice.month) || shown.months;

function draw() {
  for (const side of SIDES) {
    const history = historyOf(side);
    if (drawn[side]?.history !== history) drawn[side] = { history, ...drawSide(side) };
    drawn[side].lanes.mark(choice.rec);
    showCounts(side);
  }
  listRecommendations();
  drawNumbers();
  showMonth();
}

/** What decides how a side is drawn; a side whose history is the same stays as it is. */
const historyOf = (side) =>
  JSON.stringify([choice[side], choice[`with_${side}`], choice.seed, choice.run, shown.months, innerWidth]);

function drawSide(side) {
  const data = shown[side];
  byId(`summary-${side}`).textContent = [data.summary, ...data.notes].join(" ");
  const map = drawMap(side, data, words, month());
  const lanes = drawLanes(side, data, words, month(), chooseRecommendation);
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
  const when = say(words["app.month_of"], { date, month: now, months: shown.months });
  byId("when").textContent = when;
  byId("month").value = now;
  byId("month").setAttribute("aria-valuetext", when);
  const cells = document.querySelectorAll("#now tbody td");
  cells.forEach((cell) => { cell.textContent = shown[cell.dataset.side].numbers[now - 1][cell.dataset.row]; });
  for (const line of document.querySelectorAll("#stories li[data-month]"))
    line.classList.toggle("later", Number(line.dataset.month) > now || (line.dataset.month === "0" && now < shown.months));
  plot();
}

function drawNumbers() {
  byId("now").tBodies[0].replaceChildren(...shown.headings.map((heading, row) =>
    html("tr", {}, html("th", { scope: "row", text: heading }),
      ...SIDES.map((side) => html("td", { class: side, "data-side": side, "data-row": row })))));
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
  const mine = new EventSource(`bands?${query()}`);
  stream = mine;
  return new Promise((resolve) => {
    mine.onerror = resolve;
    mine.onmessage = (event) => {
      if (mine === stream) showBands(JSON.parse(event.data));
      resolve();
    };
  });
}

function showBands(update) {
  if (update.waiting) {
    byId("progress").textContent = words["app.bands.waiting"];
    return;
  }
  ensemble = update;
  if (update.done === update.runs) stream.close();
  byId("progress").textContent = say(words["app.bands.progress"], update);
  plot();
  drawOutcomes();
  if (update.frameworks) drawFrameworks(update.frameworks);
}

function drawOutcomes() {
  const name = choice.series;
  const middle = [say(words["app.bands.last"], { series: byId("series").selectedOptions[0].textContent }), ...ensemble.middle[name], ""];
  byId("outcomes").tBodies[0].replaceChildren(...[...ensemble.outcomes, middle].map(([heading, ...cells]) =>
    html("tr", {}, html("th", { scope: "row", text: heading }), ...cells.map((text) => html("td", { text })))));
  byId("finding").textContent = ensemble.done === ensemble.runs ? ensemble.finding : "";
}

function drawFrameworks(frameworks) {
  const bodies = frameworks.map(([heading, rows]) =>
    html("tbody", {}, html("tr", {}, html("th", { scope: "rowgroup", colspan: 3, text: heading })),
      ...rows.map(([name, ...cells]) =>
        html("tr", {}, html("th", { scope: "row", text: name }), ...cells.map((text) => html("td", { text }))))));
  byId("frameworks").replaceChildren(byId("frameworks").tHead, ...bodies);
}

// --- recommendations -------------------------------------------------------------------------------------

function listRecommendations() {
  const known = shown.recommendations.some(([name]) => name === choice.rec);
  const options = [["", words["app.story.none"]], ...shown.recommendations].map(([value, text]) => html("option", { value, text }));
  byId("recommendation").replaceChildren(...options);
  byId("recommendation").value = known ? choice.rec : "";
}

async function chooseRecommendation(name) {
  choice.rec = name;
  writeAddress();
  byId("recommendation").value = name;
  for (const side of SIDES) drawn[side].lanes.mark(name);
  if (name) await showStory(asking.signal).catch(() => {});
  else for (const side of SIDES) byId(`story-${side}`).replaceChildren();
}

async function showStory(signal) {
  const told = await asked("story", signal);
  for (const side of SIDES) {
    const letter = html("b", { class: "letter", text: side.toUpperCase() });
    const story = told[side];
    if (!story) {
      byId(`story-${side}`).replaceChildren(letter, html("p", { text: say(words["app.story.absent"], { side: side.toUpperCase() }) }));
      continue;
    }
    const events = story.events.map((event) => html("li", { "data-month": event.month, text: event.text }));
    byId(`story-${side}`).replaceChildren(letter, html("h3", { text: story.title }), html("p", { text: story.facts }), html("ol", {}, ...events));
  }
  showMonth();
}

// --- levers ----------------------------------------------------------------------------------------------

const isDial = (lever) => lever.includes("=");
const chosenOn = (side) => choice[`with_${side}`].split(",").filter(Boolean);

function showCounts(side) {
  const levers = chosenOn(side).filter((lever) => !isDial(lever)).length;
  const dials = chosenOn(side).filter(isDial).length;
  byId(`pulled-${side}`).textContent = levers ? say(words["app.pulled"], { n: levers }) : words["app.none_pulled"];
  byId(`set-${side}`).textContent = dials ? say(words["app.set"], { n: dials }) : words["app.none_set"];
}

function setSwitches(switches) {
  for (const input of document.querySelectorAll("input[data-lever]")) {
    const { on, reason } = switches[input.dataset.side][input.dataset.lever];
    input.checked = on;
    if (reason) input.setAttribute("aria-disabled", "true");
    else input.removeAttribute("aria-disabled");
    showReason(input, reason);
  }
  for (const input of document.querySelectorAll("input[data-dial]")) {
    const { reason } = switches[input.dataset.side][input.dataset.dial];
    input.disabled = Boolean(reason);
    showReason(input, reason);
    showDial(input);
  }
}

function showReason(input, reason) {
  input.closest("li").classList.toggle("refused", Boolean(reason));
  input.closest("li").querySelector(".reason").textContent = reason;
}

function applyLever(event) {
  const input = event.target;
  if (input.matches?.("input[data-lever]")) change(input.dataset.side, leversWith(input, input.checked));
}

function leversWith(input, on) {
  const others = chosenOn(input.dataset.side).filter((lever) => lever !== input.dataset.lever);
  return on ? [...others, input.dataset.lever] : others;
}

function change(side, levers) {
  choice[`with_${side}`] = joined(levers);
  showCounts(side);
  refresh();
}

const joined = (levers) => levers.sort().join(",");

/** A switch is pointed at: fetch the history it would show, so that the server has it ready. */
function prefetch(event) {
  const input = event.target.closest?.("li")?.querySelector("input[data-lever]");
  clearTimeout(hoverTimer);
  if (!input || input.getAttribute("aria-disabled") === "true" || prefetching) return;
  hoverTimer = setTimeout(async () => {
    prefetching = true;
    const levers = joined(leversWith(input, !input.checked));
    await fetch(`view?${query({ [`with_${input.dataset.side}`]: levers })}`).catch(() => {});
    prefetching = false;
  }, HOVER_DELAY);
}

// --- dials -----------------------------------------------------------------------------------------------

/** The slider, what it says beside it, and the way back, as chosen. */
function showDial(input) {
  const setting = chosenOn(input.dataset.side).find((lever) => lever.startsWith(`${input.dataset.dial}=`));
  if (setting) input.value = setting.split("=")[1];
  const item = input.closest("li");
  item.classList.toggle("unset", !setting);
  item.querySelector("button").disabled = !setting;
  describeDial(input, Boolean(setting));
}

function describeDial(input, on) {
  const text = on ? comma(input.value) : words["app.as_it_is"];
  input.closest("li").querySelector("output").textContent = text;
  input.setAttribute("aria-valuetext", text);
}

function setDial(input, on) {
  const others = chosenOn(input.dataset.side).filter((lever) => !lever.startsWith(`${input.dataset.dial}=`));
  change(input.dataset.side, on ? [...others, `${input.dataset.dial}=${Number(input.value)}`] : others);
  showDial(input);
}

function listenToDials() {
  for (const input of document.querySelectorAll("input[data-dial]")) {
    showDial(input);
    input.addEventListener("input", () => describeDial(input, true));
    input.addEventListener("change", () => setDial(input, true));
  }
  for (const button of document.querySelectorAll("button[data-reset]"))
    button.addEventListener("click", () => {
      const input = byId(button.dataset.reset);
      input.focus(); // the button is about to be disabled
      setDial(input, false);
    });
}

// --- time ------------------------------------------------------------------------------------------------

function setMonth(next) {
  choice.month = next >= shown.months ? "" : String(Math.max(1, next));
  writeAddress();
  showMonth();
}

function play(on) {
  clearTimeout(timer);
  timer = null;
  byId("play").textContent = on ? words["app.pause"] : words["app.play"];
  byId("play").setAttribute("aria-pressed", String(on));
  if (!on) return;
  if (month() >= shown.months) setMonth(1);
  const tick = () => {
    setMonth(month() + 1);
    if (month() >= shown.months) play(false);
    else timer = setTimeout(tick, Number(byId("speed").value));
  };
  timer = setTimeout(tick, Number(byId("speed").value));
}

// --- the rest --------------------------------------------------------------------------------------------

function notify(texts) {
  byId("notices").replaceChildren(...texts.map((text) => html("p", { class: "notice", text })));
}

function set(key, value) {
  choice[key] = value;
  refresh();
}

function listen() {
  document.addEventListener("click", (event) => {
    if (event.target.getAttribute?.("aria-disabled") === "true") event.preventDefault();
  });
  document.addEventListener("change", applyLever);
  for (const pointing of ["pointerover", "focusin"]) document.addEventListener(pointing, prefetch);
  for (const side of SIDES) byId(`scenario-${side}`).addEventListener("change", (event) => set(side, event.target.value));
  for (const key of ["run", "seed"]) byId(key).addEventListener("change", (event) => set(key, event.target.value));
  byId("another").addEventListener("click", () => set("run", String((Number(choice.run) + 1) % 1000)));
  byId("series").addEventListener("change", (event) => {
    choice.series = event.target.value;
    writeAddress();
    plot();
    if (ensemble) drawOutcomes();
  });
  byId("theme").addEventListener("change", (event) => {
    choice.theme = event.target.value;
    document.documentElement.dataset.theme = choice.theme;
    writeAddress();
  });
  byId("recommendation").addEventListener("change", (event) => chooseRecommendation(event.target.value));
  byId("month").addEventListener("input", (event) => { play(false); setMonth(Number(event.target.value)); });
  byId("play").addEventListener("click", () => play(timer === null));
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width || !shown) return;
    width = innerWidth;
    draw();
    if (choice.rec) showMonth();
  });
}

byId("play").textContent = words["app.play"];
listen();
listenToDials();
refresh();
