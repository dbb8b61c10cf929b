// Brush over months, evidence on hover, map, network. Drawn with SVG attributes and CSS classes only: the page's policy
// forbids inline style.
import { brushX } from "d3-brush";
import { drag } from "d3-drag";
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { pointer, select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { feature } from "topojson-client";

// --- brush over the months ---------------------------------------------------------------------------------------

const month = (n) => `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, "0")}`;
const number = (m) => Number(m.slice(0, 4)) * 12 + Number(m.slice(5, 7)) - 1;

for (const figure of document.querySelectorAll(".months[data-brush]")) {
  const svg = select(figure).select("svg");
  const first = number(figure.dataset.first);
  const span = Math.max(number(figure.dataset.last) - first + 1, 12);
  const [, , width, height] = svg.attr("viewBox").split(" ").map(Number);
  const brush = brushX().extent([[0, 0], [width, height - 18]]).on("end", (event) => {
    if (!event.sourceEvent) return;
    // A press without a drag chooses the month under it.
    const at = event.selection || [pointer(event.sourceEvent, svg.node())[0], pointer(event.sourceEvent, svg.node())[0] + 0.001];
    const [a, b] = at.map((x) => (x / width) * span + first);
    const to = new URL(figure.dataset.brush, location.href);
    to.searchParams.set("from", month(Math.floor(a)));
    to.searchParams.set("to", month(Math.min(Math.ceil(b) - 1, first + span - 1)));
    location.assign(to);
  });
  const group = svg.append("g").attr("class", "brush").call(brush);
  const said = group.append("title");
  const months = new Map([...figure.querySelectorAll("svg > a > title")].map((t) => [t.textContent.slice(0, 7), t.textContent]));
  group.on("mousemove", (event) => {
    const at = month(Math.floor((pointer(event, svg.node())[0] / width) * span + first));
    said.text(months.get(at) || at);
  });
}

// --- evidence on hover -------------------------------------------------------------------------------------------

for (const dot of document.querySelectorAll("[data-tip]")) {
  const row = document.getElementById(dot.dataset.tip);
  if (!row) continue;
  const on = () => row.classList.add("on");
  const off = () => row.classList.remove("on");
  dot.addEventListener("mouseenter", () => { on(); tip(dot, row); });
  dot.addEventListener("mouseleave", () => { off(); tip(null); });
}

function tip(dot, row) {
  const figure = document.querySelector(".steps");
  figure.querySelector(".tip")?.remove();
  if (!dot) return;
  const box = document.createElement("div");
  box.className = "tip";
  for (const cell of [row.cells[0], row.cells[1], row.cells[4]]) {
    const line = document.createElement("p");
    line.textContent = cell.textContent.replace(/\s+/g, " ").trim().slice(0, 240);
    box.append(line);
  }
  figure.append(box);
}

// Names that would lie on others are left out, the largest first.
function free(items, at, most) {
  const boxes = [], kept = [];
  for (const item of items) {
    const [x, y, name] = at(item);
    const w = name.length * 7.5 + 6, box = [x - w / 2, y - 13, x + w / 2, y + 4];
    if (boxes.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) continue;
    boxes.push(box);
    kept.push(item);
    if (kept.length >= most) break;
  }
  return kept;
}

// --- map ---------------------------------------------------------------------------------------------------------

async function map(figure) {
  const [shapes, places] = await Promise.all([figure.dataset.shapes, figure.dataset.places].map((u) => fetch(u).then((r) => r.json())));
  const width = 1000, height = 520;
  const name = "countries" in shapes.objects ? "countries" : Object.keys(shapes.objects)[0];
  const land = feature(shapes, shapes.objects[name]);
  const items = places.items || [];
  const projection = geoNaturalEarth1().fitExtent([[5, 5], [width - 5, height - 5]], { type: "Sphere" });
  if (items.length > 1) {
    const points = { type: "MultiPoint", coordinates: items.map((p) => [p.longitude, p.latitude]) };
    projection.fitExtent([[90, 70], [width - 90, height - 70]], points);
    if (projection.scale() > 900) projection.scale(900);
  }
  const path = geoPath(projection);
  const svg = select(figure).append("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "group").attr("aria-label", figure.dataset.label);
  const all = svg.append("g");
  all.append("path").attr("class", "graticule").attr("d", path(geoGraticule10()));
  all.append("g").selectAll("path").data(land.features || [land]).join("path").attr("class", "land").attr("d", path);
  const most = Math.max(1, ...items.map((p) => p.n));
  const dots = all.append("g").selectAll("a").data(items.slice(0, 2000)).join("a").attr("tabindex", "-1").attr("href", (p) => {
    const to = new URL(figure.dataset.link, location.href);
    to.searchParams.set("place", p.name);
    return to.pathname + to.search;
  });
  const size = (p) => 3 + 15 * Math.sqrt(p.n / most);
  dots.append("circle").attr("class", "place").attr("r", size)
    .attr("cx", (p) => projection([p.longitude, p.latitude])[0]).attr("cy", (p) => projection([p.longitude, p.latitude])[1]);
  dots.append("title").text((p) => `${p.name}: ${p.n}`);
  const names = all.append("g").selectAll("text").data(free(items, (p) => {
    const [x, y] = projection([p.longitude, p.latitude]);
    return [x, y - size(p) - 3, p.name];
  }, 30)).join("text").attr("class", "placename").text((p) => p.name)
    .attr("x", (p) => projection([p.longitude, p.latitude])[0]).attr("y", (p) => projection([p.longitude, p.latitude])[1] - size(p) - 3);
  const zoomer = zoom().scaleExtent([0.5, 24]).filter((e) => (e.type === "wheel" ? e.ctrlKey : !e.button && (e.type !== "touchstart" || e.touches.length > 1)))
    .on("zoom", ({ transform }) => {
    all.attr("transform", transform);
    dots.selectAll("circle").attr("r", (p) => size(p) / Math.sqrt(transform.k));
    names.attr("font-size", 13 / transform.k);
  });
  svg.call(zoomer);
  buttons(figure, svg, zoomer);
}

function buttons(figure, svg, zoomer) {
  const row = document.createElement("div");
  row.className = "zoom";
  for (const [sign, act] of [["+", () => zoomer.scaleBy(svg, 1.6)], ["−", () => zoomer.scaleBy(svg, 1 / 1.6)], ["⟲", () => zoomer.transform(svg, zoomIdentity)]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", sign);
    button.addEventListener("click", act);
    row.append(button);
  }
  figure.append(row);
}

// --- network -----------------------------------------------------------------------------------------------------

async function network(figure) {
  const graph = await fetch(figure.dataset.graph).then((r) => r.json());
  const kept = new Set(graph.ties.flatMap((t) => [t.a, t.b]));
  const nodes = graph.nodes.filter((n) => kept.has(n.id)).slice(0, 300).map((n) => ({ ...n }));
  const known = new Set(nodes.map((n) => n.id));
  const links = graph.ties.filter((t) => known.has(t.a) && known.has(t.b)).map((t) => ({ source: t.a, target: t.b, n: t.n, score: t.score }));
  const width = 1000, height = 640;
  const size = (n) => Math.min(26, 3 + 1.6 * Math.sqrt(n.n));
  // Fixed in the same place at each visit: d3-force starts from a spiral and uses its own seeded randomness.
  const run = forceSimulation(nodes).force("link", forceLink(links).id((n) => n.id).distance(95))
    .force("charge", forceManyBody().strength(-220)).force("x", forceX(width / 2).strength(0.06)).force("y", forceY(height / 2).strength(0.1))
    .force("collide", forceCollide((n) => size(n) + 3)).stop();
  for (let i = 0; i < 240; i++) run.tick();
  const svg = select(figure).append("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "group").attr("aria-label", figure.dataset.label);
  const all = svg.append("g");
  const lines = all.append("g").selectAll("line").data(links).join("line").attr("class", (l) => (l.score < 0 ? "tie conflict" : "tie cooperation"))
    .attr("stroke-width", (l) => Math.min(8, 0.8 + Math.sqrt(l.n)));
  lines.append("title").text((l) => `${l.source.name} – ${l.target.name}: ${l.n} (${l.score})`);
  const dots = all.append("g").selectAll("a").data(nodes).join("a").attr("tabindex", "-1")
    .attr("href", (n) => figure.dataset.actor + n.id + (figure.dataset.lang === "en" ? "?lang=en" : ""));
  dots.append("circle").attr("class", (n) => "node " + n.kind).attr("r", size);
  dots.append("title").text((n) => `${n.name}: ${n.n}`);
  const names = all.append("g").selectAll("text").data(free(nodes, (n) => [n.x, n.y - size(n) - 3, n.name.slice(0, 28)], 60)).join("text")
    .attr("class", "nodename").text((n) => n.name.slice(0, 28));
  const place = () => {
    lines.attr("x1", (l) => l.source.x).attr("y1", (l) => l.source.y).attr("x2", (l) => l.target.x).attr("y2", (l) => l.target.y);
    dots.attr("transform", (n) => `translate(${n.x},${n.y})`);
    names.attr("x", (n) => n.x).attr("y", (n) => n.y - size(n) - 3);
  };
  const xs = nodes.map((n) => n.x), ys = nodes.map((n) => n.y);
  const zoomer = zoom().scaleExtent([0.2, 8]).filter((e) => (e.type === "wheel" ? e.ctrlKey : !e.button && (e.type !== "touchstart" || e.touches.length > 1)))
    .on("zoom", ({ transform }) => all.attr("transform", transform));
  svg.call(zoomer);
  if (nodes.length) {
    const pad = 90, w = Math.max(...xs) - Math.min(...xs) + 2 * pad, h = Math.max(...ys) - Math.min(...ys) + 2 * pad;
    const k = Math.min(1.6, width / w, height / h);
    zoomer.transform(svg, zoomIdentity.translate(width / 2, height / 2).scale(k).translate(-(Math.max(...xs) + Math.min(...xs)) / 2, -(Math.max(...ys) + Math.min(...ys)) / 2));
  }
  dots.call(drag().on("drag", (event, n) => { n.x = event.x; n.y = event.y; place(); }));
  place();
  buttons(figure, svg, zoomer);
}

const failed = (figure) => (error) => { figure.dataset.failed = String(error); };
for (const figure of document.querySelectorAll("figure.map")) map(figure).catch(failed(figure));
for (const figure of document.querySelectorAll("figure.network")) network(figure).catch(failed(figure));
