// The map: agencies round an ellipse, ministries as arcs outside, trust as lines between.

import { button, byId, comma, cut, html, press, rem, roving, say, svg, through } from "./dom.js";

const LINE = 0.95; // rem from one name to the next

export function drawMap(side, data, words, first) {
  const root = byId(`map-${side}`);
  const frame = measure(root, data);
  const halves = data.ties.map(([source, target]) => half(frame, data, source, target));
  const arcs = data.ministries.map((ministry) => arc(frame, ministry));
  const names = labels(frame, data.agencies);
  const nodes = data.agencies.map((agency, index) => node(frame, agency, names[index]));
  const drawing = svg("svg",
    { viewBox: `0 0 ${frame.width} ${frame.height}`, width: frame.width, height: frame.height, role: "group", "aria-label": words["app.map"] },
    svg("g", { class: "arcs", "aria-hidden": "true" }, ...arcs),
    svg("g", { class: "ties", "aria-hidden": "true" }, ...halves),
    svg("g", { class: "nodes" }, ...nodes.map((n) => n.group)));
  const forums = drawForums(side, data, words, (index) => choose(null, index));
  let chosen = null;
  let lit = null;

  function light() {
    const forum = lit === null ? null : new Set(data.forums[lit].seats);
    const inside = (index) => (forum ? forum.has(index) : chosen === null || chosen === index);
    data.ties.forEach(([source, target], row) => {
      const shown = forum ? forum.has(source) && forum.has(target) : inside(source) || inside(target);
      halves[row].classList.toggle("faded", !shown);
    });
    nodes.forEach((n, index) => n.group.classList.toggle("faded", forum ? !forum.has(index) : false));
    press(nodes.map((n) => n.group), chosen);
    press(forums, lit);
    tell();
  }

  function tell() {
    byId(`told-${side}`).textContent = chosen === null ? "" : nodes[chosen].group.getAttribute("aria-label");
  }

  function show(month) {
    const at = Math.max(0, month - 1); // before the first month it looks as after it
    const trust = data.trust[at];
    halves.forEach((line, row) => {
      const share = trust[row] / 100;
      line.style.strokeOpacity = (0.05 + 0.95 * share ** 1.8).toFixed(3);
      line.style.strokeWidth = `${(0.3 + 3.2 * share ** 1.8).toFixed(2)}px`;
    });
    data.ministries.forEach((_, row) => {
      arcs[row].style.strokeOpacity = (0.12 + 0.88 * (data.attention[at][row] / 100)).toFixed(3);
    });
    data.agencies.forEach((agency, index) => {
      nodes[index].circle.setAttribute("r", frame.unit * (0.26 + 0.34 * (data.ownership[at][index] / 100)));
      nodes[index].group.setAttribute("aria-label", described(agency, index, data, trust, words));
    });
    forums.forEach((it, index) => it.classList.toggle("meets", data.forums[index].meets.includes(month)));
    tell();
  }

  /** An agency or a forum; chosen again, it is no longer. */
  function choose(agency, forum) {
    [chosen, lit] = [agency === chosen ? null : agency, forum === lit ? null : forum];
    light();
  }

  if (nodes.length) roving(drawing, nodes.map((n) => n.group), (index) => choose(index, null));
  show(first);
  root.replaceChildren(drawing);
  return { show };
}

function measure(root, data) {
  const unit = rem();
  const width = Math.max(240, root.clientWidth);
  const tallest = unit * (LINE * Math.ceil(data.agencies.length / 2) + 1);
  const height = Math.max(Math.min(width * 0.6, unit * 12), Math.min(tallest, unit * 24));
  const longest = Math.max(...data.agencies.map((agency) => agency.name.length + agency.ministry.length), 6);
  const room = Math.min(width * 0.32, unit * (0.45 * longest + 1));
  return { unit, width, height, x: width / 2, y: height / 2, rx: width / 2 - room - unit * 1.8, ry: height / 2 - unit * 1.4, room };
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
  return svg("path", { d: through(steps) }, svg("title", { text: ministry.title }));
}

function node(frame, agency, label) {
  const [x, y] = place(frame, agency.angle);
  const circle = svg("circle", { cx: x, cy: y, r: frame.unit * 0.4, class: agency.core ? "core" : agency.member ? "" : "beyond" });
  const target = svg("circle", { cx: x, cy: y, r: 12, class: "target" });
  return { circle, group: svg("g", { role: "button", class: "agency" }, target, circle, ...label, svg("title", { text: agency.title })) };
}

/** Name and ministry of each agency, in a column on its side, with a line to its circle: no two names on one line.
 * Where there are more than lines, the rest has its name as a title only. */
function labels(frame, agencies) {
  const made = agencies.map(() => []);
  for (const right of [true, false]) {
    const mine = agencies.map((agency, index) => ({ index, agency, y: place(frame, agency.angle)[1] }))
      .filter(({ agency }) => Math.sin(agency.angle) >= 0 === right).sort((one, other) => one.y - other.y);
    const every = Math.ceil((mine.length * LINE * frame.unit) / frame.height);
    const shown = mine.filter((_, row) => row % every === 0);
    shown.forEach((one, row) => { one.y = Math.max(one.y, row ? shown[row - 1].y + frame.unit * LINE : frame.unit * LINE * 0.5); });
    shown.reverse().forEach((one, row) => { one.y = Math.min(one.y, row ? shown[row - 1].y - frame.unit * LINE : frame.height - frame.unit * LINE * 0.5); });
    for (const { index, agency, y } of shown) made[index] = label(frame, agency, y, right);
  }
  return made;
}

function label(frame, agency, y, right) {
  const edge = right ? frame.width - frame.room : frame.room;
  const [x1, y1] = place(frame, agency.angle, frame.unit * 0.6);
  const toward = right ? -1 : 1;
  const name = cut(agency.name, frame.room, frame.unit * 0.74);
  const fits = frame.unit * (0.45 * (name.length + 1) + 0.42 * agency.ministry.length) < frame.room;
  return [
    svg("path", { class: "leader", d: `M${x1} ${y1}L${edge + toward * frame.unit * 0.9} ${y}H${edge + toward * frame.unit * 0.2}` }),
    svg("text", { x: edge, y, "text-anchor": right ? "start" : "end", "dominant-baseline": "central" },
      svg("tspan", { text: `${name} ` }), svg("tspan", { class: "under", text: fits ? agency.ministry : "" })),
  ];
}

function described(agency, index, data, trust, words) {
  const mean = (end) => {
    const known = trust.filter((_, row) => data.ties[row][end] === index);
    if (!known.length) return "–";
    return comma((known.reduce((sum, v) => sum + v, 0) / known.length / 100).toFixed(2));
  };
  return say(words["app.agency"], { name: agency.name, ministry: agency.ministry, own: mean(0), others: mean(1) });
}

function drawForums(side, data, words, choose) {
  const buttons = data.forums.map(({ title, seats: { length: seats } }, index) =>
    button("", () => choose(index), { "aria-pressed": "false", "aria-label": say(words["app.forum"], { name: title, seats }) },
      html("span", { text: title }), html("small", { text: ` ${seats}` })));
  const items = buttons.map((it) => html("li", {}, it));
  byId(`forums-${side}`).replaceChildren(...(items.length ? items : [html("li", { class: "none", text: words["app.no_forums"] })]));
  return buttons;
}
