// Who is there: the child among thirteen agencies, and faces round a table with those who have no seat.

import { html, roving, say, svg } from "../dom.js";
import { child, clothesOf, face } from "./faces.js";
import { ease, frame, lines } from "./frame.js";

/** The opening: one child, and a tangle of lines to everybody who holds a part of the answer. */
export function drawOpening({ figure, cast, words }) {
  const { w, h, u, root } = frame(figure, words["story.opening.title"]);
  const clothes = clothesOf(cast.agencies);
  const [cx, cy, rx, ry] = [w / 2, h / 2, w / 2 - 3.2 * u, h / 2 - 2.2 * u];
  const threads = cast.agencies.map((agency, index) => {
    const angle = (2 * Math.PI * (index + 0.5)) / cast.agencies.length - Math.PI / 2;
    const [x, y] = [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
    const turn = angle + (index % 2 ? 2.1 : -2.4);
    const swing = (far) => [cx + rx * far * Math.cos(turn), cy + ry * far * Math.sin(turn)];
    const d = `M${x} ${y} C${swing(0.75)} ${swing(0.3)} ${cx} ${cy}`;
    const path = svg("path", { d, class: "thread", pathLength: 1, stroke: clothes(agency) });
    const size = Math.min(1.15, (0.052 * h) / 20 + 0.3) * (u / 18);
    const who = svg("g", { transform: `translate(${x} ${y}) scale(${size})` }, face(index + 1, { clothes: clothes(agency), mood: 0.2 }));
    const name = svg("text", { x, y: y + 2.4 * u * size + 0.6 * u, "text-anchor": "middle", class: "small", text: agency.name });
    return { path, parts: [who, name] };
  });
  const middle = svg("g", { transform: `translate(${cx} ${cy}) scale(${(2.2 * u) / 18})` }, svg("circle", { r: 34, class: "halo" }), child());
  root.append(...threads.map((it) => it.path), ...threads.flatMap((it) => it.parts), middle);
  return (t) => threads.forEach(({ path }, index) => {
    path.style.strokeDashoffset = String(1 - ease(t, index * 0.05, 0.4 + index * 0.05));
  });
}

/** Faces round the table; a chosen one says what its agency does. */
export function drawTable({ figure, cast, words }) {
  const { w, h, u, narrow, root } = frame(figure, words["story.table.title"], "group");
  const clothes = clothesOf(cast.agencies);
  const room = narrow ? { w, h: h - 8 * u } : { w: w * 0.74, h };
  const [cx, cy, rx, ry] = [room.w / 2, room.h / 2 - 0.2 * u, room.w / 2 - 2.4 * u, room.h / 2 - 3.1 * u];
  const size = ((narrow ? 2.1 : 3) * u) / 40;
  const told = html("p", { class: "told", "aria-live": "polite", text: words["story.table.pick"] });
  const seats = cast.agencies.map((agency, index) => {
    const angle = (2 * Math.PI * index) / cast.agencies.length - Math.PI / 2;
    const [x, y] = [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
    const group = svg("g", { role: "button", class: `seat ${agency.part}`, transform: `translate(${x} ${y})`, "aria-label": `${agency.title}: ${agency.task}` },
      svg("circle", { r: 27 * size, class: "ring" }),
      svg("g", { transform: `scale(${size})` }, face(index + 1, { clothes: clothes(agency), mood: { bears: -0.2, works: 0.5, sits: 0.1 }[agency.part] })),
      svg("text", { y: 27 * size + 0.95 * u, "text-anchor": "middle", class: "small", text: agency.name }));
    return { agency, group };
  });
  const top = svg("ellipse", { cx, cy: cy + 0.4 * u, rx: rx - (narrow ? 2.2 : 3.6) * u, ry: Math.max(1.6 * u, ry - (narrow ? 2.6 : 2.7) * u), class: "tabletop" });
  const card = svg("g", { class: "card" },
    svg("rect", { x: cx - 5.2 * u, y: cy - 1.4 * u, width: 10.4 * u, height: 3.6 * u, rx: 0.3 * u }),
    lines(cast.title, 26, { x: cx, y: cy + 0.65 * u, "text-anchor": "middle" }, 0.95 * u));
  root.append(top, card, ...seats.map((it) => it.group), outside(cast, words, narrow ? { x: 0, y: h - 7.4 * u, w, h: 7.4 * u, across: 6 } : { x: w * 0.76, y: 0.2 * u, w: w * 0.24, h: h - 0.4 * u, across: 2 }, u));
  figure.append(told);
  roving(root, seats.map((it) => it.group), (index) => {
    seats.forEach((it, other) => it.group.setAttribute("aria-pressed", String(index === other)));
    const { agency } = seats[index];
    told.textContent = `${say(words["story.table.agency"], agency)} – ${words[`story.part.${agency.part}`]}.`;
  });
  return (t) => root.classList.toggle("known", t > 0.5);
}

/** A fenced place with those who are not at the table. */
function outside(cast, words, place, u) {
  const across = place.across;
  const down = Math.ceil(cast.outside.length / across);
  const people = cast.outside.map((name, index) => {
    const x = place.x + (place.w * ((index % across) + 0.5)) / across;
    const y = place.y + 2 * u + ((place.h - 2.2 * u) * (Math.floor(index / across) + 0.38)) / down;
    const who = index === 0 ? child() : face(20 + index, { mood: -0.1 });
    return svg("g", { class: "absent", transform: `translate(${x} ${y})` },
      svg("g", { transform: `scale(${(across > 3 ? 1.5 : 2.4) * u / 40})` }, who),
      lines(name, across > 3 ? 9 : 14, { x: 0, y: (across > 3 ? 2.1 : 2.6) * u, "text-anchor": "middle", class: "small" }, 0.85 * u));
  });
  return svg("g", {},
    svg("rect", { x: place.x + 2, y: place.y, width: place.w - 4, height: place.h, rx: 0.6 * u, class: "fence" }),
    svg("text", { x: place.x + place.w / 2, y: place.y + 1.3 * u, "text-anchor": "middle", class: "small strong", text: words["story.outside"] }),
    ...people);
}
