// The map: agencies round an ellipse, ministries as arcs outside, trust as lines between.

import { byId, comma, cut, html, rem, roving, say, svg } from "./dom.js";

const CROWDED = 3.2; // rem between two agencies below which names stand like the rays of a sun

export function drawMap(side, data, words, first) {
  const root = byId(`map-${side}`);
  const frame = measure(root, data);
  const halves = data.ties.map(([source, target]) => half(frame, data, source, target));
  const arcs = data.ministries.map((ministry) => arc(frame, ministry));
  const nodes = data.agencies.map((agency) => node(frame, agency));
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${frame.width} ${frame.height}`, width: frame.width, height: frame.height, role: "group", "aria-label": words["app.map"] },
    svg("g", { class: "arcs", "aria-hidden": "true" }, ...arcs),
    svg("g", { class: "ties", "aria-hidden": "true" }, ...halves),
    svg("g", { class: "nodes" }, ...nodes.map((n) => n.group)),
  );
  const forums = drawForums(side, data, words);
  let chosen = null;
  let lit = null;

  function light() {
    const forum = lit === null ? null : new Set(data.forums[lit].seats);
    const inside = (index) => (forum ? forum.has(index) : chosen === null || chosen === index);
    data.ties.forEach(([source, target], row) => {
      const shown = forum ? forum.has(source) && forum.has(target) : inside(source) || inside(target);
      halves[row].classList.toggle("faded", !shown);
    });
    nodes.forEach((n, index) => {
      n.group.classList.toggle("faded", forum ? !forum.has(index) : false);
      n.group.setAttribute("aria-pressed", String(chosen === index));
    });
    forums.forEach((button, index) => button?.setAttribute("aria-pressed", String(lit === index)));
    tell();
  }

  function tell() {
    byId(`told-${side}`).textContent = chosen === null ? "" : nodes[chosen].group.getAttribute("aria-label");
  }

  function show(month) {
    const trust = data.trust[month - 1];
    halves.forEach((line, row) => {
      const share = trust[row] / 100;
      line.style.strokeOpacity = (0.05 + 0.95 * share ** 1.8).toFixed(3);
      line.style.strokeWidth = `${(0.3 + 3.2 * share ** 1.8).toFixed(2)}px`;
    });
    data.ministries.forEach((_, row) => {
      arcs[row].style.strokeOpacity = (0.12 + 0.88 * (data.attention[month - 1][row] / 100)).toFixed(3);
    });
    data.agencies.forEach((agency, index) => {
      nodes[index].circle.setAttribute("r", frame.unit * (0.26 + 0.34 * (data.ownership[month - 1][index] / 100)));
      nodes[index].group.setAttribute("aria-label", described(agency, index, data, trust, words));
    });
    forums.forEach((button, index) => button?.classList.toggle("meets", data.forums[index].meets.includes(month)));
    tell();
  }

  const toggled = (index) => { chosen = chosen === index ? null : index; lit = null; light(); };
  if (nodes.length) roving(drawing, nodes.map((n) => n.group), toggled);
  forums.forEach((button, index) => button?.addEventListener("click", () => {
    lit = lit === index ? null : index;
    chosen = null;
    light();
  }));
  show(first);
  root.replaceChildren(drawing);
  return { show };
}

function measure(root, data) {
  const unit = rem();
  const width = Math.max(260, root.clientWidth);
  const height = Math.min(width * 0.85, unit * 19);
  const longest = Math.max(...data.agencies.map((agency) => agency.name.length), 4);
  const room = Math.min(width * 0.25, unit * (0.46 * longest + 1.6));
  const round = Math.PI * (width / 2 - room + height / 2 - unit * 2.4);
  const crowded = round / data.agencies.length < CROWDED * unit;
  const above = crowded ? Math.min(room, height * 0.26) : unit * 2.4;
  return { unit, width, height, x: width / 2, y: height / 2, rx: width / 2 - room, ry: height / 2 - above, room, above, crowded };
}

const place = (frame, angle, out = 0) => [
  frame.x + (frame.rx + out) * Math.sin(angle),
  frame.y - (frame.ry + out) * Math.cos(angle),
];

function half(frame, data, source, target) {
  const [x1, y1] = place(frame, data.agencies[source].angle);
  const [x2, y2] = place(frame, data.agencies[target].angle);
  return svg("line", { x1, y1, x2: (x1 + x2) / 2, y2: (y1 + y2) / 2 });
}

function arc(frame, ministry) {
  const [from, to] = ministry.arc;
  const steps = Array.from({ length: 13 }, (_, k) => place(frame, from + ((to - from) * k) / 12, frame.unit * 0.85));
  const path = svg("path", { d: `M${steps.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L")}` });
  path.append(svg("title", { text: ministry.title }));
  return path;
}

function node(frame, agency) {
  const [x, y] = place(frame, agency.angle);
  const circle = svg("circle", { cx: x, cy: y, r: frame.unit * 0.4, class: agency.core ? "core" : agency.member ? "" : "beyond" });
  const labels = frame.crowded ? [ray(frame, agency)] : lying(frame, agency);
  const title = svg("title", { text: agency.title });
  return { circle, group: svg("g", { role: "button", class: "agency" }, circle, ...labels, title) };
}

/** Name and ministry, beside or above the circle. */
function lying(frame, agency) {
  const [x, y] = place(frame, agency.angle, frame.unit * 1.35);
  const across = Math.sin(agency.angle);
  const anchor = Math.abs(across) < 0.2 ? "middle" : across > 0 ? "start" : "end";
  const room = anchor === "middle" ? frame.width : frame.room - frame.unit * 0.6;
  const drop = y - Math.cos(agency.angle) * frame.unit * 0.55;
  return [
    svg("text", { x, y: drop, "text-anchor": anchor, text: cut(agency.name, room, frame.unit * 0.78) }),
    svg("text", { x, y: drop + frame.unit * 0.8, "text-anchor": anchor, class: "under", text: agency.ministry }),
  ];
}

/** The name alone, outwards. */
function ray(frame, agency) {
  const [x, y] = place(frame, agency.angle, frame.unit * 1.15);
  const right = Math.sin(agency.angle) >= 0;
  const slant = Math.atan2(-frame.rx * Math.cos(agency.angle), frame.ry * Math.sin(agency.angle));
  const turn = (slant * 180) / Math.PI + (right ? 0 : 180);
  const room = Math.abs(Math.cos(agency.angle)) > 0.6 ? frame.above : frame.room;
  return svg("text", {
    "text-anchor": right ? "start" : "end", "dominant-baseline": "central", class: "ray",
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(1)})`,
    text: cut(agency.name, room - frame.unit * 0.9, frame.unit * 0.72),
  });
}

function described(agency, index, data, trust, words) {
  const mean = (end) => {
    const known = data.ties.map((tie, row) => (tie[end] === index ? trust[row] : null)).filter((v) => v !== null);
    if (!known.length) return "–";
    return comma((known.reduce((sum, v) => sum + v, 0) / known.length / 100).toFixed(2));
  };
  return say(words["app.agency"], { name: agency.name, ministry: agency.ministry, own: mean(0), others: mean(1) });
}

function drawForums(side, data, words) {
  const list = byId(`forums-${side}`);
  const buttons = data.forums.map((forum) =>
    html("button", { type: "button", "aria-pressed": "false", "aria-label": say(words["app.forum"], { name: forum.title, seats: forum.seats.length }) },
      html("span", { text: forum.title }), html("small", { text: ` ${forum.seats.length}` })));
  const items = buttons.map((button) => html("li", {}, button));
  list.replaceChildren(...(items.length ? items : [html("li", { class: "none", text: words["app.no_forums"] })]));
  return buttons;
}
