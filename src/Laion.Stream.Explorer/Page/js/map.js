// The view of the map: rows that look alike near each other. Hover shows a row, a click opens it, a drawn line selects what it encloses.

import { $, h, icon, svg } from './dom.js';
import { call } from './api.js';
import { nameOf, picture } from './card.js';
import { copy, openDetail } from './detail.js';
import { MapData } from './mapdata.js';
import { pointsOn } from './points.js';
import { MOST_KINDS, kindColour, rampColour, whenSchemeTurns } from './palette.js';
import { preferences } from './preferences.js';
import { selection } from './selection.js';
import { conditions, filterBody, format, navigate, noFilter, state } from './state.js';
import { count, language, number, plural, words } from './format.js';
import { head, nothing } from './sheet.js';
import { say, toast } from './announce.js';

const MOST_SELECTED = 100000;
const WHOLE = { x: .5, y: .5, zoom: 1 };
let about = null;
let data = null;
let drawing = null;
let view = { ...WHOLE };
let asked = null;
let filtered = null;
let painted = null;
let request = null;
let frame = 0;
let tool = 'move';
let line = null;
let saving = 0;

/** @param info of the service */
export function startMap(info) {
  about = info;
  selection.listen(() => repaint());
  whenSchemeTurns(() => { if (data) { repaint(); legend(); } });
}

/** Shows a state; asks the service only for what changed. */
export async function showMap(now) {
  openDetail(now.row);
  view = now.at ?? { ...WHOLE };
  const wanted = JSON.stringify(now.map);
  if (wanted !== asked) {
    await load(now, wanted);
  } else if (data) {
    await filter(now);
    repaint();
    legend();
  }
}

async function load(now, wanted) {
  const host = $('view-map');
  asked = wanted;
  request?.abort();
  const { signal } = request = new AbortController();
  if (host.childElementCount === 0) host.replaceChildren(h('div', { class: 'sheet' }, head('map-title', 'Map'), h('p', { class: 'soft' }, 'Loading…')));
  try {
    const [kind, folder] = now.map ?? [];
    const answer = await call('/api/v1/map?' + new URLSearchParams({ safe: 'blur', ...(kind && { kind }), ...(folder && { folder }) }), { signal });
    if (answer.ids.length === 0) {
      data = null;
      host.replaceChildren(h('div', { class: 'sheet' }, head('map-title', 'Map'), answer.maps.length === 0 ? missing() : nothing('The map is empty', 'Its rows were removed, or are not read yet.')));
      return;
    }
    data = new MapData(answer);
    filtered = null;
    draw(host);
    await filter(state());
    repaint();
  } catch (error) {
    if (error.name === 'AbortError') return;
    asked = null;
    host.replaceChildren(h('div', { class: 'sheet' }, head('map-title', 'Map'), nothing('The map cannot be shown', error.message, () => showMap(state()))));
  }
}

function missing() {
  const command = 'laion-stream index --map ' + (about?.folders?.[0]?.name ?? about?.name ?? 'OUTPUT');
  const note = nothing('There is no map yet', 'This command, in the folder above the output, puts its rows on one: those that look alike near each other.');
  note.append(h('div', { class: 'command' }, h('pre', { tabindex: 0, 'aria-label': 'The command' }, command), h('button', { type: 'button', class: 'button', on: { click: () => copy(command, 'The command is copied.') } }, 'Copy')));
  return note;
}

/** Asks which points pass the filters, if they are others than before. */
async function filter(now) {
  const wanted = JSON.stringify(now.filter);
  if (wanted === filtered) return;
  filtered = wanted;
  painted = null;
  const isFiltered = conditions(now.filter).length > 0;
  if ($('map-filter')) $('map-filter').hidden = !isFiltered;
  if (!isFiltered) {
    data.filter(null);
    return;
  }
  const { folder, kind, version } = data.answer;
  try {
    const passes = await call('/api/v1/map/passes', { body: { folder, kind, filter: filterBody(now.filter), safe: 'blur' }, signal: request.signal });
    if (filtered !== wanted) return; // another filter was set meanwhile, and has its own answer
    if (passes.version !== version) { // rows came or went meanwhile
      asked = null;
      return showMap(state());
    }
    data.filter(passes.of);
    if ($('map-passing')) $('map-passing').textContent = `${count(passes.count)} of ${plural(data.count, 'point')} pass the filters`;
  } catch (error) {
    if (filtered !== wanted) return;
    filtered = null;
    if (error.name !== 'AbortError') toast(error.message);
  }
}

function draw(host) {
  const { answer } = data;
  const canvas = h('canvas', { class: 'map-points', id: 'map-points', tabindex: 0, role: 'application', 'aria-label': 'Map of the rows. Arrows move it, plus and minus zoom, Enter opens the row in the middle. The regions are in a table below.' });
  host.replaceChildren(h('h1', { class: 'visually-hidden', id: 'map-title' }, 'Map'),
    h('div', { class: 'map-stage', id: 'map-stage' }, canvas,
      h('div', { class: 'map-labels', id: 'map-labels', 'aria-hidden': 'true' }, answer.labels.map(label => h('span', { class: 'map-label', dir: 'auto' }, label.text))),
      svg('svg', { class: 'map-line', id: 'map-line', 'aria-hidden': 'true' }, svg('path', {})), h('div', { class: 'map-cross', 'aria-hidden': 'true' }),
      bar(), h('div', { class: 'map-legend panel', id: 'map-legend' }), zooms(), h('div', { class: 'peek map-peek', id: 'map-peek', 'aria-hidden': 'true', hidden: true })),
    table());
  legend();
  painted = null;
  drawing = pointsOn(canvas);
  if (!drawing) {
    $('map-stage').replaceChildren(nothing('This browser draws no map', 'WebGL 2 is off or missing. The regions are in the table below.'));
    $('map-regions').open = true;
    return;
  }
  drawing.show(data.pairs(), data.colours(colouring(), selection.has));
  listen(canvas);
  new ResizeObserver(soon).observe(canvas);
  canvas.addEventListener('webglcontextlost', event => event.preventDefault());
  canvas.addEventListener('webglcontextrestored', () => { drawing.again(); drawing.show(data.pairs(), data.colours(colouring(), selection.has)); soon(); });
}

function bar() {
  const { answer } = data;
  const named = name => name.startsWith('s.') ? words(name.slice(2)) : words(name);
  const tools = [['move', 'Move'], ['lasso', 'Lasso']];
  return h('div', { class: 'map-bar' },
    answer.maps.length > 1 && choice('Map', 'map-which', answer.maps.map(one => [one.kind + '@' + one.folder, (one.kind === 'image' ? 'Pictures' : 'Captions') + (manyFolders() ? ' of ' + one.folder : '')]), answer.kind + '@' + answer.folder,
      value => navigate({ map: split(value), at: null })),
    choice('Colour by', 'map-colour', data.colourings.map(name => [name, named(name)]), colouring(), value => navigate({ colour: value }, { replace: true })),
    h('div', { class: 'segments', role: 'group', 'aria-label': 'What dragging does' }, tools.map(([name, title]) => h('button', {
      type: 'button', id: 'map-' + name, 'aria-pressed': String(tool === name), title: name === 'lasso' ? 'Draw around points to select them (or Shift and drag)' : 'Drag to move, wheel or pinch to zoom', on: { click: () => take(name) },
    }, title))),
    h('p', { class: 'map-count' }, `${plural(data.count, 'row')}${answer.vectors > data.count ? ` of ${count(answer.vectors)}` : ''}`, answer.at && h('span', { class: 'soft' }, ' · made ' + new Date(answer.at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }))),
    h('p', { class: 'map-count', id: 'map-filter', hidden: true }, h('span', { id: 'map-passing', role: 'status' }), ' ', h('button', { type: 'button', class: 'button quiet', on: { click: () => navigate({ filter: noFilter() }) } }, 'Clear')));
}

const manyFolders = () => new Set(data.answer.maps.map(one => one.folder)).size > 1;
const split = value => [value.slice(0, value.indexOf('@')), value.slice(value.indexOf('@') + 1)];
const colouring = () => data.colourings.includes(state().colour) ? state().colour : data.colourings[0];

function choice(label, id, options, chosen, change) {
  return h('label', { class: 'map-choice' }, h('span', {}, label), h('select', { id, class: 'field', on: { change: event => change(event.target.value) } }, options.map(([value, name]) => h('option', { value, selected: value === chosen }, name))));
}

function zooms() {
  const button = (id, label, path, go) => h('button', { type: 'button', class: 'icon', id, 'aria-label': label, title: label, on: { click: go } }, icon(path));
  return h('div', { class: 'map-zooms' }, button('map-in', 'Zoom in', 'M12 5v14M5 12h14', () => zoomBy(1.6)), button('map-out', 'Zoom out', 'M5 12h14', () => zoomBy(1 / 1.6)),
    button('map-whole', 'Show the whole map', 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5', () => look({ ...WHOLE })),
    button('map-select', 'Select what is in sight', 'M4 7V4h3M10.5 4h3M17 4h3v3M20 10.5v3M20 17v3h-3M13.5 20h-3M7 20H4v-3M4 13.5v-3', () => select(visibleShape())));
}

function legend() {
  const host = $('map-legend');
  if (!host) return;
  const by = colouring();
  const group = data.groups.find(one => one.name === by);
  const score = data.scores.find(one => 's.' + one.name === by);
  const dot = colour => svg('svg', { viewBox: '0 0 10 10', class: 'mark', 'aria-hidden': 'true' }, svg('circle', { cx: 5, cy: 5, r: 4, fill: colour }));
  const name = value => group.name === 'language' ? language(value) : value;
  if (group) {
    const shown = group.values.slice(0, MOST_KINDS);
    const rest = data.count - group.counts.slice(0, MOST_KINDS).reduce((sum, one) => sum + one, 0);
    host.replaceChildren(h('ul', { 'aria-label': words(by) }, shown.map((value, at) => h('li', {}, dot(kindColour(at)), h('span', { class: 'value', dir: 'auto', title: name(value) }, name(value)), h('span', { class: 'n' }, count(group.counts[at])))),
      rest > 0 && h('li', {}, dot(kindColour(MOST_KINDS)), h('span', { class: 'value' }, 'others'), h('span', { class: 'n' }, count(rest)))));
  } else if (score) {
    const steps = Array.from({ length: 24 }, (_, at) => svg('rect', { x: at, y: 0, width: 1.05, height: 1, fill: rampColour(at / 23) }));
    host.replaceChildren(h('div', {}, words(score.name)), svg('svg', { class: 'ramp', viewBox: '0 0 24 1', preserveAspectRatio: 'none', role: 'img', 'aria-label': `From ${number(score.min)} to ${number(score.max)}` }, steps),
      h('div', { class: 'ticks', 'aria-hidden': 'true' }, h('span', {}, number(score.min)), h('span', {}, number(score.max))));
  }
}

/** The regions for those who do not see the map. */
function table() {
  const { labels } = data.answer;
  return h('details', { class: 'map-regions', id: 'map-regions' }, h('summary', {}, `Regions as a table (${labels.length})`), labels.length === 0 ? h('p', { class: 'soft' }, 'No region has words that tell it from the others.')
    : h('table', { class: 'table' }, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Words'), h('th', { scope: 'col', class: 'num' }, 'Points'), h('th', { scope: 'col' }, 'A row of it'), h('th', { scope: 'col' }, 'Do'))),
      h('tbody', {}, labels.map(label => h('tr', {}, h('th', { scope: 'row', dir: 'auto' }, label.text), h('td', { class: 'num' }, count(label.points)),
        h('td', {}, h('a', { href: format({ ...state(), row: label.id }), on: { click: event => { if (event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); navigate({ row: label.id }); } } }, 'Row ' + label.id)),
        h('td', {}, h('button', { type: 'button', class: 'button quiet', 'aria-label': 'Show ' + label.text, on: { click: () => { look({ x: label.x / 65536, y: label.y / 65536, zoom: 8 }); $('map-points')?.focus(); } } }, 'Show'),
          h('button', { type: 'button', class: 'button quiet', 'aria-label': 'Select ' + label.text, on: { click: () => select(MapData.square(label.x, label.y, 65536 * 1.5 / 40)) } }, 'Select')))))));
}

// What is seen: the middle in shares of the map, and how many times larger than the whole.

const pixels = () => Math.min($('map-points').clientWidth, $('map-points').clientHeight) * view.zoom;

function placeAt(event) {
  const box = $('map-points').getBoundingClientRect();
  return [65536 * (view.x + (event.clientX - box.left - box.width / 2) / pixels()), 65536 * (view.y - (event.clientY - box.top - box.height / 2) / pixels())];
}

function look(to) {
  view = { zoom: Math.min(400, Math.max(.5, to.zoom)), x: Math.min(1.2, Math.max(-.2, to.x)), y: Math.min(1.2, Math.max(-.2, to.y)) };
  hidePeek();
  soon();
  clearTimeout(saving);
  saving = setTimeout(() => { if (state().tab === 'map') navigate({ at: { ...view } }, { replace: true }); }, 400);
}

function zoomBy(factor, event = null) {
  if (!event) return look({ ...view, zoom: view.zoom * factor });
  const [x, y] = placeAt(event);
  const zoom = Math.min(400, Math.max(.5, view.zoom * factor));
  const keep = view.zoom / zoom; // what is under the pointer stays there
  look({ x: x / 65536 + (view.x - x / 65536) * keep, y: y / 65536 + (view.y - y / 65536) * keep, zoom });
}

function soon() {
  if (!frame) frame = requestAnimationFrame(() => { frame = 0; now(); });
}

function repaint() {
  if (!data || !drawing || state().tab !== 'map') return;
  const wanted = JSON.stringify([filtered, colouring(), selection.size, selection.ids.at(-1), matchMedia('(prefers-color-scheme: dark)').matches]);
  if (wanted !== painted) drawing.paint(data.colours(colouring(), selection.has)); // moving the map changes no colour
  painted = wanted;
  soon();
}

function now() {
  const canvas = $('map-points');
  if (!canvas || canvas.clientWidth === 0) return;
  const size = Math.min(14, Math.max(2.2, 900 / Math.sqrt(data.count)) * .34 * Math.sqrt(view.zoom) + 1);
  drawing.draw({ x: view.x, y: view.y, zoom: pixels(), size });
  const taken = [];
  data.answer.labels.forEach((label, at) => {
    const element = $('map-labels').children[at];
    const [left, top] = [canvas.clientWidth / 2 + (label.x / 65536 - view.x) * pixels(), canvas.clientHeight / 2 - (label.y / 65536 - view.y) * pixels()];
    const half = label.text.length * 3.6 + 8;
    const isFree = left > -half && left < canvas.clientWidth + half && top > 0 && top < canvas.clientHeight && taken.every(other => Math.abs(other[0] - left) > half + other[2] || Math.abs(other[1] - top) > 22);
    element.classList.toggle('off', !isFree);
    element.style.translate = `${left}px ${top}px`;
    if (isFree) taken.push([left, top, half]);
  });
  $('map-stage').dataset.drawn = String(data.count);
}

function take(name) {
  tool = name;
  for (const one of ['move', 'lasso']) $('map-' + one).setAttribute('aria-pressed', String(one === name));
  $('map-stage').classList.toggle('lasso', name === 'lasso');
}

function listen(canvas) {
  const fingers = new Map();
  let start = null;
  canvas.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
    start = { x: event.clientX, y: event.clientY, moved: false };
    hidePeek();
    if (fingers.size === 1 && (tool === 'lasso' || event.shiftKey)) line = [placeAt(event)];
    else line = null;
  });
  canvas.addEventListener('pointermove', event => {
    const before = fingers.get(event.pointerId);
    if (!before) {
      hover(event);
      return;
    }
    if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > 4) start.moved = true;
    if (line) {
      line.push(placeAt(event));
      showLine();
    } else if (fingers.size === 2) {
      const other = [...fingers.values()].find(one => one.pointerId !== event.pointerId);
      const far = one => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      zoomBy(far(event) / Math.max(1, far(before)), { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 });
    } else if (start.moved) {
      look({ ...view, x: view.x - (event.clientX - before.clientX) / pixels(), y: view.y + (event.clientY - before.clientY) / pixels() });
    }
    fingers.set(event.pointerId, event);
  });
  const end = event => {
    if (!fingers.delete(event.pointerId)) return;
    if (line) {
      if (event.type === 'pointerup' && line.length > 2) select(line);
      line = null;
      showLine();
    }
    if (event.type === 'pointerup' && !start.moved) open(at(event));
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);
  canvas.addEventListener('pointerleave', hidePeek);
  canvas.addEventListener('wheel', event => { event.preventDefault(); zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? .05 : .0016)), event); }, { passive: false });
  canvas.addEventListener('dblclick', event => zoomBy(2, event));
  canvas.addEventListener('keydown', keys);
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  if (step) look({ ...view, x: view.x + step[0] * .08 / view.zoom, y: view.y + step[1] * .08 / view.zoom });
  else if (event.key === '+' || event.key === '=') zoomBy(1.6);
  else if (event.key === '-') zoomBy(1 / 1.6);
  else if (event.key === '0') look({ ...WHOLE });
  else if (event.key === 'x') select(visibleShape());
  else if (event.key === 'Enter') open(data.nearest(view.x * 65536, view.y * 65536, 65536 * 60 / pixels()));
  else return;
  event.preventDefault();
}

const at = event => data.nearest(...placeAt(event), 65536 * (event.pointerType === 'touch' ? 22 : 9) / pixels());

function open(point) {
  if (point >= 0) navigate({ row: data.ids[point] });
}

function visibleShape() {
  const { clientWidth: width, clientHeight: height } = $('map-points');
  const [right, up] = [width / 2 / pixels(), height / 2 / pixels()];
  return [[view.x - right, view.y - up], [view.x + right, view.y - up], [view.x + right, view.y + up], [view.x - right, view.y + up]].map(corner => corner.map(one => one * 65536));
}

function select(shape) {
  const found = data.within(shape);
  if (found.length === 0) {
    toast('No point is within it.');
  } else if (found.length + selection.size > MOST_SELECTED) {
    toast(`These are ${count(found.length)} rows; at most ${count(MOST_SELECTED)} can be selected. Filters let fewer pass.`);
  } else {
    selection.add(found.map(id => ({ id })));
    say(plural(found.length, 'row') + ' selected on the map');
  }
}

function showLine() {
  const box = $('map-points').getBoundingClientRect();
  const place = ([x, y]) => `${(box.width / 2 + (x / 65536 - view.x) * pixels()).toFixed(1)} ${(box.height / 2 - (y / 65536 - view.y) * pixels()).toFixed(1)}`;
  $('map-line').firstChild.setAttribute('d', line ? `M${line.map(place).join('L')}Z` : '');
}

// A look at the row under the pointer.

const rows = new Map();
let peeking = 0;
let peeked = -1;

function hidePeek() {
  clearTimeout(peeking);
  peeked = -1;
  if ($('map-peek')) $('map-peek').hidden = true;
}

function hover(event) {
  if (event.pointerType === 'touch') return;
  const point = at(event);
  if (point === peeked) return;
  hidePeek();
  peeked = point;
  $('map-stage').classList.toggle('over', point >= 0);
  if (point >= 0) peeking = setTimeout(() => peek(point, event), 90);
}

async function peek(point, event) {
  const id = data.ids[point];
  try {
    if (!rows.has(id)) {
      if (rows.size > 500) rows.clear();
      rows.set(id, await call('/api/v1/rows/' + id));
    }
  } catch {
    return; // it may have been removed: there is nothing to show
  }
  if (peeked !== point) return;
  const row = rows.get(id);
  const box = $('map-peek');
  const frame_ = h('div', { class: 'map-picture' + (row.unsafe && preferences.safe !== 'show' ? ' blur' : '') });
  if (about.hasThumbnails || about.canFetch) {
    const image = picture(row, 256, { onGone: () => frame_.remove() });
    frame_.append(image);
    image.load();
  }
  box.replaceChildren(...[(about.hasThumbnails || about.canFetch) && frame_, h('p', { class: 'words', dir: 'auto' }, nameOf(row)),
    h('p', { class: 'soft' }, [row.domain, row.set, `${row.width} × ${row.height}`].filter(one => one).join(' · '))].filter(one => one));
  box.hidden = false;
  const stage = $('map-stage').getBoundingClientRect();
  box.style.left = Math.max(8, Math.min(stage.width - box.offsetWidth - 8, event.clientX - stage.left + 14)) + 'px';
  box.style.top = Math.max(8, Math.min(stage.height - box.offsetHeight - 8, event.clientY - stage.top + 14)) + 'px';
}
