// The bands: quantiles over many histories, A against B, with the single history and the month marked.

import { byId, comma, rem, svg, through } from "./dom.js";

export const SIDES = ["a", "b"];

/** Draw one series. `bands` may be missing while the first block is computed. */
export function drawChart({ bands, lines, months, month, percent, label }) {
  const root = byId("chart");
  const unit = rem();
  const width = Math.max(260, root.clientWidth);
  const height = unit * 17;
  const box = { left: unit * 2.6, right: width - unit * 1.6, top: unit * 0.8, bottom: height - unit * 2 };
  const top = ceiling([...(bands ? SIDES.flatMap((s) => bands[s][4]) : []), ...SIDES.flatMap((s) => lines[s])]);
  const x = (at) => box.left + ((box.right - box.left) * (at - 1)) / Math.max(1, months - 1);
  const y = (value) => box.bottom - ((box.bottom - box.top) * value) / top;
  // The known values; a gap of missing ones is bridged, as in the figures.
  const points = (values) => values.flatMap((value, index) => (value === null ? [] : [[x(index + 1), y(value)]]));
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });
  drawing.append(...axes(box, x, y, top, months, percent));
  drawing.append(svg("line", { class: "now", x1: x(month), x2: x(month), y1: box.top, y2: box.bottom }));
  for (const side of SIDES) {
    if (bands) {
      const [low, lower, middle, upper, high] = bands[side].map(points);
      drawing.append(svg("path", { class: `band ${side}`, d: through([...high, ...low.reverse()]) }));
      drawing.append(svg("path", { class: `band ${side}`, d: through([...upper, ...lower.reverse()]) }));
      drawing.append(svg("path", { class: `middle ${side}`, d: through(middle) }));
      drawing.append(ending(side, middle.at(-1)));
    }
    drawing.append(svg("path", { class: `single ${side}`, d: through(points(lines[side])) }));
  }
  root.replaceChildren(drawing);
}

function ceiling(values) {
  const most = Math.max(0.05, ...values.filter((value) => value !== null));
  return [0.1, 0.2, 0.4, 0.6, 0.8, 1].find((end) => most <= end) ?? most;
}

function axes(box, x, y, top, months, percent) {
  const parts = [];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const value = share * top;
    parts.push(svg("line", { class: "grid", x1: box.left, x2: box.right, y1: y(value), y2: y(value) }));
    const shown = percent ? `${Math.round(100 * value)} %` : comma(value.toFixed(2));
    parts.push(svg("text", { x: box.left - 6, y: y(value), "text-anchor": "end", "dominant-baseline": "central", text: shown }));
  }
  const every = months > 80 ? 24 : 12;
  for (let at = every; at <= months; at += every)
    parts.push(svg("text", { x: x(at), y: box.bottom + rem() * 1.2, "text-anchor": "middle", text: at }));
  return parts;
}

function ending(side, last) {
  const beside = side === "b" ? rem() * 0.75 : 0; // wherever the lines end, the letters stand side by side
  const [x, y] = last ? [last[0] + 4 + beside, last[1]] : [0, 0];
  return svg("text", { class: `letter ${side}`, x, y, "dominant-baseline": "central", text: last ? side.toUpperCase() : "" });
}
