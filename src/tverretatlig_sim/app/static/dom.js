// Elements made from data. Text is always set as text: a name that carries HTML is shown, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Fill a label's places: say("{n} pulled", {n: 2}). */
export const say = (label, places = {}) => label.replace(/\{(\w+)\}/g, (all, key) => places[key] ?? all);

export const byId = (id) => document.getElementById(id);

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export const html = (name, attributes = {}, ...children) =>
  filled(document.createElement(name), attributes, children);

export const svg = (name, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

/** A number as readers of the page's language write it. */
export const comma = (text) => (document.documentElement.lang === "nb" ? text.replace(".", ",") : text);

/** Pixels of one rem, so that drawings grow with the text on a projector. */
export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Text cut to what fits, with the whole of it as a title. */
export function cut(text, width, size) {
  const letters = Math.max(3, Math.floor(width / (0.56 * size)));
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

/** Many buttons, one stop of the Tab key: arrow keys move between them, Enter and Space choose. */
export function roving(group, buttons, choose) {
  const enter = (index) => {
    const next = buttons[(index + buttons.length) % buttons.length];
    for (const button of buttons) button.setAttribute("tabindex", button === next ? "0" : "-1");
    next.focus();
  };
  buttons.forEach((button, index) => button.setAttribute("tabindex", index ? "-1" : "0"));
  group.addEventListener("click", (event) => {
    const index = buttons.indexOf(event.target.closest("[role=button]"));
    if (index >= 0) choose(index);
  });
  group.addEventListener("keydown", (event) => {
    const index = buttons.indexOf(document.activeElement);
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (index < 0) return;
    if (event.key in steps) enter(index + steps[event.key]);
    else if (event.key === "Home") enter(0);
    else if (event.key === "End") enter(-1);
    else if (event.key === "Enter" || event.key === " ") choose(index);
    else return;
    event.preventDefault();
  });
}
