// The frame of a drawing: as large as its place on the page, in units that grow with the text.

import { rem, svg } from "../dom.js";

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
