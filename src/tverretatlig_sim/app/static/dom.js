// Elements made from data. Text is always set as text: a name that carries HTML is shown, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Fill a label's places: say("{n} pulled", {n: 2}). */
export const say = (label, places = {}) => label.replace(/\{(\w+)\}/g, (all, key) => places[key] ?? all);

export const byId = (id) => document.getElementById(id);

export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Give an element its text, attributes and children; a function hears the event it is named after, null and false
 * take away. */
export function set(element, attributes, ...children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else if (typeof value === "function") element.addEventListener(key, value);
    else if (value === null || value === false) element.removeAttribute(key);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export const html = (name, attributes = {}, ...children) => set(document.createElement(name), attributes, ...children);

export const svg = (name, attributes = {}, ...children) => set(document.createElementNS(SVG, name), attributes, ...children);

export const button = (text, click, attributes = {}, ...children) =>
  html("button", { type: "button", text, click, ...attributes }, ...children);

/** A row of a table; classes are those of its cells. */
export const row = (heading, cells, classes = []) =>
  html("tr", {}, html("th", { scope: "row", text: heading }), ...cells.map((text, place) => html("td", { class: classes[place] ?? "", text })));

/** The way of a path through points. */
export const through = (points) =>
  points.length ? `M${points.map((point) => point.map((at) => at.toFixed(1)).join(" ")).join("L")}` : "";

/** Of several buttons, the chosen one is pressed. */
export const press = (buttons, chosen) =>
  buttons.forEach((it, index) => it.setAttribute("aria-pressed", String(index === chosen)));

/** What the page has to say about the address, or about what it could not do. */
export const notify = (texts) =>
  byId("notices").replaceChildren(...texts.filter(Boolean).map((text) => html("p", { class: "notice", text })));

/** A number as readers of the page's language write it. */
export const comma = (text) => (document.documentElement.lang === "nb" ? text.replace(".", ",") : text);

/** Pixels of one rem, so that drawings grow with the text on a projector. */
export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Text cut to what fits, with the whole of it as a title. */
export function cut(text, width, size) {
  const letters = Math.max(3, Math.floor(width / (0.56 * size)));
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

/** Keys pressed without another one held; act(event) returns false where a key means nothing. */
export const onKey = (element, act) => element.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (act(event) !== false) event.preventDefault();
});

/** Of many buttons, the one at which the Tab key stops. */
export function stopAt(buttons, index) {
  buttons.forEach((it, place) => it.setAttribute("tabindex", place === index ? "0" : "-1"));
  return buttons[index];
}

/** Many buttons, one stop of the Tab key: arrow keys move between them, Enter and Space choose. */
export function roving(group, buttons, choose) {
  stopAt(buttons, 0);
  group.addEventListener("click", (event) => {
    const index = buttons.indexOf(event.target.closest("[role=button]"));
    if (index >= 0) choose(index);
  });
  onKey(group, ({ key }) => {
    const index = buttons.indexOf(document.activeElement);
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (index < 0) return false;
    if (key in steps) return stopAt(buttons, (index + steps[key] + buttons.length) % buttons.length).focus();
    if (key === "Home") return stopAt(buttons, 0).focus();
    if (key === "End") return stopAt(buttons, buttons.length - 1).focus();
    return (key === "Enter" || key === " ") && choose(index);
  });
}

// --- drawings that fill their place and move ---------------------------------------------------------------

/** An empty drawing that fills a figure: { w, h, u, narrow, root }; u is the size of the text. */
export function frame(figure, label, role = "img") {
  const { width, height } = figure.getBoundingClientRect();
  const w = Math.max(280, Math.round(width));
  const h = Math.max(60, Math.round(height));
  const root = svg("svg", { viewBox: `0 0 ${w} ${h}`, width: w, height: h, role, "aria-label": label });
  figure.replaceChildren(root);
  return { w, h, u: rem(), narrow: w < 560, root };
}

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** Where t stands between two moments, from 0 to 1, slow at both ends. */
export const ease = (t, from = 0, to = 1) => {
  const x = clamp((t - from) / (to - from), 0, 1);
  return x * x * (3 - 2 * x);
};

/** So many places round an ellipse, as far from one to the next, from the top on; shift in places. */
export function around(count, cx, cy, rx, ry, shift = 0) {
  const at = (k) => [cx + rx * Math.sin((k * Math.PI) / 360), cy - ry * Math.cos((k * Math.PI) / 360)];
  const way = [0];
  for (let k = 1; k <= 720; k += 1) way.push(way[k - 1] + Math.hypot(...at(k).map((v, i) => v - at(k - 1)[i])));
  return Array.from({ length: count }, (_, index) => at(way.findIndex((far) => far >= (way[720] * (index + shift)) / count)));
}

/** Text in lines of at most so many letters; y is where the first line stands, or the middle of them all. */
export function lines(text, letters, { x, y, ...rest }, size, middle = false) {
  const rows = [""];
  for (const word of text.split(" ")) {
    const last = rows.at(-1);
    if (last && last.length + word.length + 1 > letters) rows.push(word);
    else rows[rows.length - 1] = last ? `${last} ${word}` : word;
  }
  const first = middle ? y - ((rows.length - 1) * size) / 2 + 0.3 * size : y;
  const drawn = svg("text", { ...rest, x, y: first }, ...rows.map((row, index) => svg("tspan", { x, dy: index ? size : 0, text: row })));
  drawn.style.fontSize = `${(size * 0.88).toFixed(1)}px`;
  return drawn;
}

/** Call show(t) with t from 0 to 1; returns a function that ends it at once. */
export function play(milliseconds, show) {
  let begun = null;
  let over = still() || milliseconds === 0 || document.hidden;
  const tick = (now) => {
    if (over) return;
    begun ??= now;
    const t = Math.min(1, (now - begun) / milliseconds);
    show(t);
    if (t < 1) requestAnimationFrame(tick);
    else over = true;
  };
  if (over) show(1);
  else requestAnimationFrame(tick);
  return () => {
    if (over) return false;
    over = true;
    show(1);
    return true;
  };
}
