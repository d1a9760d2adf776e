// SPDX-License-Identifier: Apache-2.0
// Shows timing.json, which stands in the page (docs/timing_report.md).
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const QUANTITIES = {
  compute: "compute, cycles", sync: "sync wait, cycles", exchange: "exchange, cycles",
  received: "words received", sent: "words sent", bundles: "bundles issued",
};
const PARTS = ["compute", "sync", "exchange"];
const MOST_ROWS = 1000;
let chip = data.chips[0];
let chosen = -1;  // step; -1: all of the run

const $ = id => document.getElementById(id);
const count = n => Math.round(n).toLocaleString("en-US");
const percent = x => (100 * x).toFixed(1) + " %";
const sum = list => list.reduce((a, b) => a + b, 0);

// An element with attributes, and children or texts.
function make(name, attributes = {}, ...children) {
  const is_drawing = ["svg", "rect", "text", "path", "line", "g"].includes(name);
  const element = is_drawing ? document.createElementNS("http://www.w3.org/2000/svg", name)
                             : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Dark blue to yellow, even in lightness.
const RAMP = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
function color(share) {
  const at = Math.min(Math.max(share, 0), 1) * (RAMP.length - 1);
  const low = Math.min(Math.floor(at), RAMP.length - 2);
  const mixed = RAMP[low].map((c, i) => Math.round(c + (at - low) * (RAMP[low + 1][i] - c)));
  return `rgb(${mixed.join(",")})`;
}

function bar(parts, whole, style = "bar") {
  const element = make("div", {class: style});
  for (const part of PARTS)
    element.append(make("i", {class: part, style: `width:${100 * parts[part] / (whole || 1)}%`, title: part}));
  return element;
}

// head: [[title, is text]]; rows: of cells, each a text or an element.
function fill(table, head, rows) {
  const line = make("tr");
  for (const [title, is_text] of head) line.append(make("th", is_text ? {class: "text"} : {}, title));
  table.replaceChildren(make("thead", {}, line));
  const body = make("tbody");
  for (const cells of rows) {
    const row = make("tr");
    cells.forEach((cell, i) => row.append(make("td", head[i][1] ? {class: "text"} : {}, cell)));
    body.append(row);
  }
  table.append(body);
  return body;
}

const steps = () => chip.steps.map((step, number) => ({...step, number}))
  .filter(step => step.path.total + step.exchange.cycles + step.compute.max !== 0);
const values_of = (quantity, step) => step < 0 ? chip.tiles[quantity] : (chip.steps[step].tiles || {})[quantity];
const tile_name = tile => data.chips.length > 1 ? `${chip.name}:${tile}` : `${tile}`;

function show_summary() {
  const card = (value, text) => make("div", {class: "card"}, make("b", {}, value), make("span", {}, text));
  const exchange_cycles = sum(chip.steps.map(s => s.exchange.cycles));
  const words = sum(chip.tiles.received);
  const takers = sum(chip.steps.map(s => s.exchange.takers * s.exchange.cycles));
  const path = make("div", {class: "card wide"}, bar(chip.cycles, chip.cycles.total));
  const keys = make("p");
  for (const part of PARTS)
    keys.append(make("span", {class: "key " + part}),
                `${part} ${count(chip.cycles[part])} (${percent(chip.cycles[part] / (chip.cycles.total || 1))})`);
  path.append(keys, make("span", {}, "the critical path, from start to end"));
  $("summary").replaceChildren(
    card(count(chip.cycles.total), `cycles, ${(1e6 * chip.cycles.total / chip.clock_hz).toFixed(2)} µs at ` +
         `${chip.clock_hz / 1e6} MHz`),
    card(count(chip.steps.filter(s => s.kind === "superstep").length), "supersteps"),
    card(percent(chip.compute.balance), `load balance: mean by longest compute (tile ${tile_name(chip.compute.max_tile)})`),
    card(percent(chip.idle_share), "of the tiles' time is waiting in syncs"),
    card(words ? percent(words / (takers || 1)) : "-", words ?
         `bus use of takers; ${(words / (exchange_cycles || 1)).toFixed(1)} words a cycle while exchanging` :
         "no words were exchanged"),
    card(percent(chip.instructions.bundles_per_cycle), "of the issue slots used"), path);
}

function show_phases() {
  const whole = chip.cycles.total;
  const phases = chip.phases.filter(p => p.path.total !== 0);
  fill($("phases"), [["phase", 1], ["steps"], ["cycles"], ["share"], ["", 1], ["compute"], ["sync"], ["exchange"],
                     ["mean compute"], ["longest"], ["words"], ["use"]],
       phases.map(p => [p.name, count(p.steps), count(p.path.total), percent(p.path.total / (whole || 1)),
         bar(p.path, whole, "bar thin"), count(p.path.compute), count(p.path.sync), count(p.path.exchange),
         count(p.compute_mean), count(p.compute_max), count(p.sum.received),
         p.sum.received ? percent(p.of_takers) : "-"]));
}

function step_text(step) {
  const text = make("span", {}, step.name);
  const more = [];
  if (step.caller) more.push("called from " + step.caller);
  if (step.vertices.length) more.push("after " + step.vertices.join(", "));
  if (more.length) text.append(" ", make("small", {}, more.join("; ")));
  return text;
}

function show_steps() {
  const all = steps(), shown = all.slice(0, MOST_ROWS);
  const longest = Math.max(1, ...all.map(s => s.path.total));
  const words = s => s.exchange.words_received;
  const body = fill($("steps"), [["step"], ["sync, function", 1], ["from cycle"], ["tile"], ["", 1], ["compute"], ["sync"],
                                 ["exchange"], ["balance"], ["idle"], ["words/cycle"], ["of chip"], ["of takers"]],
    shown.map(s => [s.number, step_text(s), count(s.begin), tile_name(s.critical_tile ?? "-"),
      bar(s.path, longest, "bar thin"), count(s.path.compute), count(s.path.sync), count(s.path.exchange),
      percent(s.compute.balance), percent(s.idle_share), words(s) ? s.exchange.words_per_cycle.toFixed(1) : "-",
      words(s) ? percent(s.exchange.of_chip) : "-", words(s) ? percent(s.exchange.of_takers) : "-"]));
  [...body.children].forEach((row, i) => {
    row.classList.add("choice");
    row.dataset.step = shown[i].number;
    row.onclick = () => choose(shown[i].number);
  });
  $("stepsleft").textContent = all.length > MOST_ROWS ?
    `${count(all.length - MOST_ROWS)} more steps are in timing.json.` : "";
}

function show_critical() {
  fill($("critical"), [["tile"], ["steps"], ["cycles"], ["share"]],
       chip.critical_tiles.slice(0, MOST_ROWS).map(t => [tile_name(t.tile), count(t.steps), count(t.cycles),
         percent(t.cycles / (chip.cycles.total || 1))]));
}

function show_instructions() {
  const all = chip.instructions, most = Math.max(1, ...all.mnemonics.map(m => m.count));
  const single = (n, whole) => make("div", {class: "bar thin"},
    make("i", {class: "compute", style: `width:${100 * n / (whole || 1)}%`}));
  fill($("contexts"), [["context", 1], ["bundles"], ["share"], ["", 1]],
       Object.entries(all.contexts).map(([name, n]) => [name, count(n), percent(n / (all.bundles || 1)),
         single(n, all.bundles)]));
  $("mixtext").textContent = `${count(all.instructions)} instructions in ${count(all.bundles)} bundles, ` +
    `${count(all.pairs)} of them with two halves; main lane ${count(all.main)}, aux lane ${count(all.aux)}.`;
  fill($("mix"), [["mnemonic", 1], ["lane", 1], ["count"], ["share"], ["", 1], ["supervisor"], ["workers"]],
       all.mnemonics.map(m => [m.mnemonic, m.lane, count(m.count), percent(m.count / all.instructions),
         single(m.count, most), count(m.contexts[0]), count(sum(m.contexts.slice(1)))]));
}

const place_of = place => ({row: place >> 6, column: (place >> 2) & 15, lane: place & 3});

function tip_of(tile) {
  const {row, column, lane} = place_of(chip.tiles.place[tile]);
  const lines = [`tile ${tile_name(tile)}   place ${chip.tiles.place[tile]}: row ${row}, column ${column}, lane ${lane}`];
  for (const [quantity, name] of Object.entries(QUANTITIES)) {
    const values = values_of(quantity, chosen);
    if (values) lines.push(name.padEnd(20) + count(values[tile]));
  }
  return lines.join("\n");
}

function show_tip(event, text) {
  const tip = $("tip");
  tip.textContent = text;
  tip.hidden = false;
  tip.style.left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 6) + "px";
  tip.style.top = Math.min(event.clientY + 14, window.innerHeight - tip.offsetHeight - 6) + "px";
}

// All of the grid where tiles fill it, otherwise what is around them.
function shown_places() {
  const places = chip.tiles.place.map(place_of), grid = chip.grid;
  const is_full = places.length * 8 > grid.rows * grid.columns * grid.lanes;
  const range = (key, size) => is_full ? [0, size - 1] :
    [Math.min(...places.map(p => p[key])), Math.max(...places.map(p => p[key]))];
  return {rows: range("row", grid.rows), columns: range("column", grid.columns)};
}

function show_map() {
  const quantity = $("quantity").value, values = values_of(quantity, chosen);
  $("legend").replaceChildren();
  if (!values) {
    $("map").replaceChildren();
    $("maptext").textContent = "Of this step only sums were kept: there are more steps than the page holds tile by tile.";
    return;
  }
  const {rows, columns} = shown_places(), lanes = chip.grid.lanes;
  const wide = columns[1] - columns[0] + 1, high = rows[1] - rows[0] + 1;
  const size = Math.max(12, Math.min(30, Math.floor(1220 / (wide * (lanes + .6)))));
  const x = (column, lane) => 44 + ((column - columns[0]) * (lanes + .5) + lane) * size;
  const y = row => 26 + (row - rows[0]) * size;
  const svg = make("svg", {width: x(columns[1], lanes) + 8, height: y(rows[1]) + size + 8, role: "img"});
  svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  for (let column = columns[0]; column <= columns[1]; ++column)
    svg.append(make("text", {x: x(column, 0), y: 16}, (wide > 8 ? "c" : "column ") + column));
  const tile_at = new Map(chip.tiles.place.map((place, tile) => [place, tile]));
  const most = Math.max(...values), least = Math.min(...values);
  for (let row = rows[0]; row <= rows[1]; ++row) {
    svg.append(make("text", {x: 4, y: y(row) + size * .7}, "row " + row));
    for (let column = columns[0]; column <= columns[1]; ++column)
      for (let lane = 0; lane < lanes; ++lane) {
        const tile = tile_at.get(row * 64 + column * 4 + lane);
        const box = {x: x(column, lane) + .5, y: y(row) + .5, width: size - 2, height: size - 2, rx: 2};
        if (tile === undefined) {
          svg.append(make("rect", {...box, class: "empty"}));
          continue;
        }
        const share = most === least ? .4 : (values[tile] - least) / (most - least);
        const cell = make("rect", {...box, fill: color(share), class: "tile", "data-tile": tile,
                                   "data-value": values[tile]});
        if (values[tile] === most && most !== least) cell.classList.add("most");
        cell.onmousemove = event => show_tip(event, tip_of(tile));
        cell.onmouseleave = () => { $("tip").hidden = true; };
        svg.append(cell);
      }
  }
  $("map").replaceChildren(svg);
  $("legend").append(count(least), make("i", {style: "background:linear-gradient(90deg," +
    [0, .25, .5, .75, 1].map(color).join(",") + ")"}), count(most), ` (mean ${count(sum(values) / values.length)})`);
  $("maptext").textContent = most === least ? "All tiles have the same value." :
    `Outlined: the most, ${values.filter(v => v === most).length} of ${values.length} tiles.`;
  if (svg.querySelector(".empty")) $("maptext").textContent += " Empty places are not in the system.";
}

function show_balance() {
  const values = values_of("compute", chosen);
  if (!values) return $("balance").replaceChildren();
  const sorted = [...values].sort((a, b) => b - a), most = Math.max(1, sorted[0]);
  const width = 1220, height = 150, left = 70;
  const x = i => left + i * (width - left) / sorted.length, y = v => 10 + height * (1 - v / most);
  const svg = make("svg", {width, height: height + 30, viewBox: `0 0 ${width} ${height + 30}`, role: "img"});
  const outline = sorted.map((v, i) => `L${x(i)},${y(v)}L${x(i + 1)},${y(v)}`).join("");
  const mean = sum(sorted) / sorted.length;
  svg.append(make("path", {d: `M${left},${y(0)}${outline}L${x(sorted.length)},${y(0)}Z`, fill: "var(--compute)"}),
             make("line", {x1: left, x2: width, y1: y(mean), y2: y(mean), stroke: "#d1242f", "stroke-dasharray": "5 4"}),
             make("text", {x: 2, y: y(most) + 8}, count(most)), make("text", {x: 2, y: y(0)}, "0"),
             make("text", {x: left, y: height + 25}, `${sorted.length} tiles; dashed: the mean, ${count(mean)}`));
  $("balance").replaceChildren(svg);
}

function choose(step) {
  chosen = step;
  $("step").value = step;
  for (const row of $("steps").querySelectorAll("tr.choice"))
    row.classList.toggle("chosen", Number(row.dataset.step) === step);
  show_map();
  show_balance();
}

function show_chip() {
  const options = [make("option", {value: -1}, "all of the run")];
  for (const step of steps().slice(0, MOST_ROWS))
    options.push(make("option", {value: step.number}, `${step.number}: ${step.name}`));
  $("step").replaceChildren(...options);
  show_summary();
  show_phases();
  show_steps();
  show_critical();
  show_instructions();
  choose(-1);
}

$("title").textContent = `${data.program} on ${data.system}`;
$("subtitle").textContent = `Where the time went. Run ${data.state}; ${chip.tiles.place.length} tiles` +
  (chip.begin ? `; resumed: what was before cycle ${count(chip.begin)} is not told` : "") + ".";
for (const [quantity, name] of Object.entries(QUANTITIES)) $("quantity").append(make("option", {value: quantity}, name));
data.chips.forEach((one, i) => $("chip").append(make("option", {value: i}, one.name || "chip")));
$("chips").hidden = data.chips.length === 1;
$("chip").onchange = () => { chip = data.chips[$("chip").value]; show_chip(); };
$("quantity").onchange = show_map;
$("step").onchange = () => choose(Number($("step").value));
show_chip();
document.body.dataset.ready = "yes";
