// What is changed stands in the address, a line a change; the server says what it does, and keeps nothing.

import { ask, instead, stream } from "./ask.js";
import { all, button, byId, comma, html, notify, row, say, set, svg } from "./dom.js";

const TYPING = 120; // milliseconds without a key before what is typed is asked about
const BAR = 100; // width of a bar of 100 per cent

let data, lines, wanted, typed, typing, runs;

const fieldOf = (key) => document.querySelector(`#form [data-key="${CSS.escape(key)}"]`);
const today = (field) => JSON.parse(field.dataset.today);
const word = (key, places) => say(data.words[key], places);

/** Whether two values of a field are the same; who sits somewhere has no order. */
const same = (one, other) => String([one].flat().sort()) === String([other].flat().sort());

// --- lines and the address -------------------------------------------------------------------------------

/** A value as a file writes it. */
function toml(value) {
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, inner]) => `${key} = ${toml(inner)}`);
  return `{ ${fields.join(", ")} }`;
}

const texts = () => [...lines].map(([key, value]) => `${key}=${toml(value)}`);

function query(changes = {}) {
  const written = new URLSearchParams({ base: data.base });
  for (const line of texts()) written.append("do", line);
  for (const [key, value] of Object.entries({ ...data.rest, ...changes })) if (value) written.set(key, value);
  return written.toString();
}

function writeAddress() {
  history.replaceState(null, "", `/change?${query()}`);
  byId("language").href = `/change?${query({ lang: byId("language").hreflang })}`;
  byId("save").href = `/change/file?${query()}`;
  for (const link of all("[data-format]")) link.href = `/brief?${query({ format: link.dataset.format })}`;
  const both = new URLSearchParams({ a: data.base, b: data.base, do_b: texts().join("\n") });
  both.set("lang", data.rest.lang);
  if (data.rest.since) both.set("since_b", data.rest.since);
  byId("both").href = `/dashboard?${both}`;
}

// --- choosing --------------------------------------------------------------------------------------------

/** The new entry whose line holds a field, if its user has added it. */
function addedAround(key) {
  const entry = [...lines.keys()].find((own) => key.startsWith(`${own}.`));
  const value = lines.get(entry);
  return value && typeof value === "object" && !Array.isArray(value) ? entry : null;
}

/** A field is chosen: its line comes last, since later lines have the last word; none for what is so today. */
function choose(field, value) {
  const { key } = field.dataset;
  const entry = addedAround(key);
  wanted = null;
  if (entry) {
    const { [key.slice(entry.length + 1)]: _before, ...others } = lines.get(entry);
    lines.set(entry, value === "" ? others : { ...others, [key.slice(entry.length + 1)]: value });
  } else {
    lines.delete(key);
    if (value === "" && field.dataset.kind === "number") wanted = null;
    else if (same(value, today(field))) wanted = { key, value };
    else lines.set(key, value);
  }
  refresh();
}

/** What stands in a field. */
function valueOf(field) {
  const input = field.querySelector("input, select");
  if (field.dataset.kind === "number") {
    const text = input.value.trim().replace(",", ".").replace("−", "-");
    return text === "" || Number.isNaN(Number(text)) ? text : Number(text);
  }
  if (field.dataset.kind === "tick") return input.checked;
  if (field.dataset.kind !== "names") return input.value;
  const boxes = all("input", field);
  const names = boxes.filter((box) => box.checked).map((box) => box.value);
  const members = boxes.filter((box) => !box.closest(".others"));
  const everyone = "all" in field.dataset && names.length === members.length && members.every((box) => box.checked);
  return everyone && !same(names, today(field)) ? "all" : names;
}

/** An entry is kept or left out; what was changed in it goes with it. */
function keep(entry, kept) {
  const { key } = entry.dataset;
  for (const own of [...lines.keys()]) if (own === key || own.startsWith(`${key}.`)) lines.delete(own);
  if (!today(entry)) return load(query());
  if (!kept) lines.set(key, false);
  refresh();
}

function add(form) {
  const kind = form.dataset.add;
  const title = form.querySelector("input").value.trim();
  if (!title) return form.querySelector("input").focus();
  const plain = title.toLowerCase().replaceAll("æ", "ae").replaceAll("ø", "o").replaceAll("å", "a");
  const stem = plain.normalize("NFD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || kind;
  let key = `${kind}.${stem}`;
  for (let n = 2; fieldOf(key) || lines.has(key); n += 1) key = `${kind}.${stem}-${n}`;
  lines.set(key, { title: { en: title, nb: title }, ...data.new[kind] });
  load(query(), key);
}

// --- asking ----------------------------------------------------------------------------------------------

function refresh() {
  runs?.close();
  writeAddress();
  instead(async (signal) => {
    const said = await ask(`/change/said?${query()}`, signal);
    const back = wanted;
    wanted = null;
    // Another line holds the field elsewhere than today: it is brought back by a line of its own.
    if (back && !same(said.now[back.key] ?? back.value, back.value)) {
      lines.set(back.key, back.value);
      refresh();
    } else show(said);
  });
}

/** The whole form anew, where fields come or go; what is open stays so. */
async function load(asked, opened = "") {
  const answer = await fetch(`/change?${asked}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = all("details[open]").map((it) => it.id || it.closest("[data-key]")?.dataset.key);
  document.querySelector("main").replaceWith(page.querySelector("main"));
  byId("data").textContent = page.getElementById("data").textContent;
  for (const name of open) openTo(byId(name) ?? fieldOf(name)?.querySelector("details"));
  begin();
  if (opened) reveal(opened);
}

// --- showing ---------------------------------------------------------------------------------------------

function show(answer) {
  const faults = new Map(answer.lines.map((line) => [line.key, line.fault]));
  for (const field of all("#form [data-key]")) {
    const { key } = field.dataset;
    const fault = faults.get(key) ?? "";
    const added = addedAround(key) !== null;
    const given = lines.has(key);
    write(field, fault && !field.matches(".entry") ? lines.get(key) : (answer.now[key] ?? today(field)));
    tell(field, fault);
    field.classList.toggle("changed", given);
    field.classList.toggle("added", added);
    field.classList.toggle("forced", !given && !added && key in answer.now);
  }
  tell(byId("since").closest(".field"), answer.since);
  for (const part of all(".group, .entry > details")) {
    const own = all(".changed", part).length + (part.parentElement.matches(".changed") ? 1 : 0);
    part.querySelector(".count").textContent = own ? say(data.words.count, { n: own }) : "";
  }
  byId("none").hidden = answer.lines.length > 0;
  const open = all("#lines > li").filter((line) => line.querySelector("details[open]")).map((line) => line.dataset.line);
  byId("lines").replaceChildren(...answer.lines.map(drawLine));
  for (const line of all("#lines > li")) if (open.includes(line.dataset.line)) openTo(line.querySelector("details"));
  byId("remarks").replaceChildren(...answer.notes.map((text) => html("li", { text })));
  byId("command").textContent = answer.command;
  const sound = answer.lines.some((line) => !line.fault);
  byId("effect").hidden = !sound;
  for (const link of all("[data-format], #both")) link.setAttribute("aria-disabled", String(!sound));
  if (sound) glance();
}

/** A field shows a value, unless somebody is typing there. */
function write(field, value) {
  if (field.matches(".entry")) {
    const box = field.querySelector(".keep");
    box.checked = value;
    box.disabled = !value && !lines.has(field.dataset.key) && today(field);
    field.classList.toggle("gone", !value);
    return;
  }
  const input = field.querySelector("input, select");
  if (field.dataset.kind === "names") {
    for (const box of all("input", field)) box.checked = value === "all" || value.includes(box.value);
  } else if (field.dataset.kind === "tick") input.checked = value;
  else if (input !== document.activeElement || input.matches("select")) {
    input.value = field.dataset.kind === "number" ? comma(String(value)) : value;
  }
}

function tell(field, fault) {
  const place = field.querySelector(":scope > .fault");
  if (place.textContent !== fault) place.textContent = fault;
  set(field.querySelector("input, select"), { "aria-invalid": fault ? "true" : null });
}

function drawLine(line) {
  const link = (key, text) => html("a", { href: "#form", class: "link", "data-reveal": key, text });
  const about = line.fault || (line.idle ? word("idle") : "");
  const forced = line.forced.map(({ rule, places, more }) => {
    const named = places.flatMap(([key, text], index) => [index ? ", " : "", key ? link(key, text) : text]);
    return html("li", {}, `${rule}: `, ...named, more ? `, ${more}` : "");
  });
  const rest = html("details", {}, html("summary", { text: word("forces", { n: forced.length }) }),
    html("p", { class: "note", text: word("otherwise") }), html("ul", {}, ...forced));
  return html("li", { "data-line": line.key, class: line.fault ? "wrong" : "" },
    html("div", { class: "line" }, fieldOf(line.key) ? link(line.key, line.said) : html("span", { text: line.said }),
      button("×", () => takeBack(line.key), { class: "remove", "aria-label": word("remove", { what: line.said }) })),
    about ? html("p", { class: line.fault ? "fault" : "note", text: about }) : null, forced.length ? rest : null);
}

function takeBack(key) {
  const own = fieldOf(key);
  lines.delete(key);
  if (own && !own.matches(".entry")) refresh();
  else load(query());
}

function openTo(part) {
  for (let it = part; it; it = it.parentElement) if (it.matches("details")) it.open = true;
}

/** Open the form where a field stands, and go there. */
function reveal(key) {
  const field = fieldOf(key);
  if (!field) return;
  byId("search").value = "";
  search();
  openTo(field);
  if (field.matches(".entry")) field.querySelector("details").open = true;
  field.scrollIntoView({ block: "center" });
  field.querySelector(field.matches(".entry") ? "summary" : "input, select").focus({ preventScroll: true });
}

function search() {
  const asked = byId("search").value.trim().toLowerCase();
  const said = (part) => part.textContent.toLowerCase().includes(asked);
  let found = 0;
  for (const group of all(".group")) {
    const whole = asked && said(group.querySelector("summary"));
    for (const part of all(".field, .entry", group)) {
      const around = part.parentElement.closest(".entry");
      const hit = !asked || whole || said(part) || (around && said(around.querySelector("summary")));
      part.hidden = !hit;
      if (hit && part.matches(".field")) found += 1;
      if (asked && hit && part.matches(".entry")) part.querySelector("details").open = true;
    }
    group.hidden = Boolean(asked) && all(".field, .entry", group).every((part) => part.hidden);
    if (asked && !group.hidden) group.open = true;
  }
  byId("found").textContent = asked ? say(data.words.found, { n: found }) : "";
}

// --- what it gives ---------------------------------------------------------------------------------------

function glance() {
  byId("effect").classList.add("stale");
  byId("progress").textContent = word("working");
  runs = stream(`/change/glance?${query()}`, (told) => {
    if (told.waiting) return;
    byId("effect").classList.remove("stale");
    byId("effect").dataset.runs = told.runs;
    byId("effect").dataset.verdict = told.verdict;
    byId("progress").textContent = word("runs", { n: told.runs, of: told.of });
    byId("answer").textContent = told.answer.join(" ");
    byId("workload").textContent = told.workload.join(" ");
    const head = html("tr", {}, ...told.heads.map((text) => html("th", { scope: "col", text })));
    const rows = told.cost.map(([first, ...cells]) => row(first, cells));
    byId("cost").replaceChildren(html("thead", {}, head), html("tbody", {}, ...rows));
    drawBars(told.bars);
    if (told.runs === told.of) runs.close();
  });
  runs.onerror = () => runs.close();
}

function drawBars(bars) {
  const rows = bars.map(({ title, percent, shown }, side) =>
    html("div", { class: `bar ${side ? "b" : "a"}` }, html("span", { text: title }),
      svg("svg", { viewBox: `0 0 ${BAR} 6`, preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { class: "whole", width: BAR, height: 6 }), svg("rect", { width: percent, height: 6 })),
      html("b", { text: shown })));
  byId("bars").replaceChildren(...rows);
}

/** A brief takes up to a minute: say how far it has come, then fetch the file, which is there at once. */
function makeBrief(link) {
  if (link.getAttribute("aria-disabled") === "true") {
    byId("making").textContent = word("add_first");
    return;
  }
  byId("making").textContent = word("making", { n: 0 });
  const making = stream(`/brief/making?${query()}`, ({ done, failed, ready }) => {
    byId("making").textContent = failed ?? (ready ? word("ready") : word("making", { n: done }));
    if (failed || ready) making.close();
    if (ready) fetchFile(link.href);
  });
  making.onerror = () => {
    making.close();
    byId("making").textContent = word("lost");
  };
}

async function fetchFile(address) {
  const answer = await fetch(address);
  if (!answer.ok) {
    byId("making").textContent = await answer.text();
    return;
  }
  const name = answer.headers.get("Content-Disposition").match(/filename="(.*)"/)[1];
  const link = html("a", { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
  byId("making").textContent = word("download", { name });
}

// --- files -----------------------------------------------------------------------------------------------

async function restore(file) {
  const answer = await fetch(`/change/file?${query()}`, { method: "POST", body: file });
  const { query: asked, fault, notice } = await answer.json();
  if (fault) return notify([fault]);
  await load(asked);
  return notify([notice, word("restored", { name: file.name })]);
}

// --- events ----------------------------------------------------------------------------------------------

function begin() {
  data = JSON.parse(byId("data").textContent);
  lines = new Map(data.lines);
  runs?.close();
  writeAddress();
  show(data.answer);
}

document.addEventListener("input", ({ target }) => {
  if (target.id === "search") search();
  const field = target.closest("#form [data-kind=number]");
  if (!field) return;
  if (typed !== field) finishTyping();
  typed = field;
  clearTimeout(typing);
  typing = setTimeout(finishTyping, TYPING);
});

function finishTyping() {
  const field = typed;
  clearTimeout(typing);
  typed = null;
  if (field?.isConnected) choose(field, valueOf(field));
}

document.addEventListener("change", ({ target }) => {
  if (target.id === "theme") {
    data.rest.theme = target.value === "auto" ? "" : target.value;
    document.documentElement.dataset.theme = target.value;
    writeAddress();
  } else if (target.id === "base") {
    lines = new Map();
    data.base = target.value;
    data.rest.since = "";
    load(query());
  } else if (target.id === "since") {
    data.rest.since = target.value;
    load(query());
  } else if (target.id === "restore" && target.files.length) restore(target.files[0]);
  else if (target.matches(".keep")) keep(target.closest(".entry"), target.checked);
  else {
    const field = target.closest("#form [data-kind]");
    if (field?.dataset.kind === "number") finishTyping();
    else if (field) choose(field, valueOf(field));
  }
});

document.addEventListener("focusout", ({ target }) => {
  const field = target.closest?.("#form [data-kind=number]");
  if (field && target.value.trim() === "") target.value = comma(String(today(field)));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-format], [data-reveal], [aria-disabled=true]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.format) makeBrief(link);
  else if (link.dataset.reveal) reveal(link.dataset.reveal);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  add(event.target);
});

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) restore(event.dataTransfer.files[0]);
});

begin();
