// Elements made from data. Text is always set as text: a name that carries HTML is shown, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Fill a label's places: say("{n} pulled", {n: 2}). */
export const say = (label, places = {}) => label.replace(/\{(\w+)\}/g, (all, key) => places[key] ?? all);

export const byId = (id) => document.getElementById(id);

export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Give an element its text and attributes; a function hears the event it is named after, null and false take away. */
export function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else if (typeof value === "function") element.addEventListener(key, value);
    else if (value === null || value === false) element.removeAttribute(key);
    else element.setAttribute(key, value === true ? "" : value);
  }
  return element;
}

function filled(element, attributes, children) {
  set(element, attributes).append(...children.filter((child) => child !== null));
  return element;
}

export const html = (name, attributes = {}, ...children) =>
  filled(document.createElement(name), attributes, children);

export const svg = (name, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

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
