// The view of rows: searches, reads on while one scrolls, selects.

import { $, h, icon, icons } from './dom.js';
import { call } from './api.js';
import { Grid } from './grid.js';
import { queryBody, showQuery, startQuery } from './query.js';
import { forgetCounts, showActive, showFilters, startFilters } from './filters.js';
import { openDetail, startDetail } from './detail.js';
import { openExport } from './exporting.js';
import { preferences } from './preferences.js';
import { selection } from './selection.js';
import { conditions, filterBody, format, navigate, noFilter, state } from './state.js';
import { count, language, licence, number, plural, words } from './format.js';
import { say } from './announce.js';

const PAGE = 60;
const LOOK = 15000;
let info;
let grid;
let request = null;
let cursor = null;
let shown = null;
let tookMs = 0;
let matching = null;

/** What the address says already, before the service does: nothing moves when it answers. */
export function previewExplore(now) {
  showQuery(now);
  showActive(now);
  $('distinct').checked = now.distinct;
  $('indexes').hidden = now.terms.length === 0;
  $('indexes').replaceChildren(...['Pictures', 'Captions'].map(name => h('button', { type: 'button', disabled: true }, name)));
}

export function startExplore(about) {
  info = about;
  startQuery(info);
  startFilters(counted);
  startDetail({ rows: () => grid.rows, focus: id => grid.focus(grid.indexOf(id)), more: () => more(), info });
  grid = new Grid($('grid'), {
    open: (event, row) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      peek(null);
      navigate({ row: row.id });
    },
    select: (rows, chosen) => { for (const row of rows) selection.set(row, chosen); },
    peek, near: () => more(), href: row => format({ ...state(), row: row.id }),
    isChosen: selection.has, hasPictures: () => info.hasThumbnails || info.canFetch, blur: () => preferences.safe !== 'show',
  });
  selection.listen(showSelection);
  $('distinct').addEventListener('change', event => navigate({ distinct: event.target.checked }));
  $('open-export').addEventListener('click', () => openExport(body(state())));
  addEventListener('scroll', () => peek(null), { passive: true });
  if (info.running) setInterval(() => lookForRows(), LOOK);
}

/** While a run writes the output, says when it has more rows than are shown: they come when a person wants them. */
async function lookForRows() {
  if (document.hidden || state().tab !== 'explore' || !info.running) return;
  let now;
  try {
    now = await call('/api/v1/info');
  } catch {
    return; // the next search says what is wrong
  }
  const more = now.rows - info.rows;
  info.running = now.running || more > 0;
  if (more <= 0) return;
  $('new-rows').hidden = false;
  $('new-rows').textContent = `Show ${plural(more, 'new row')}`;
  $('new-rows').onclick = () => {
    $('new-rows').hidden = true;
    Object.assign(info, now);
    shown = null;
    forgetCounts();
    showExplore(state());
  };
}

/** Shows a state; asks the service only for what changed. */
export function showExplore(now) {
  showQuery(now);
  showIndexes(now);
  $('distinct').checked = now.distinct;
  showFilters(now, hides());
  const wanted = JSON.stringify([now.terms, now.index, now.filter, now.distinct, hides()]);
  if (wanted !== shown) search(now, wanted);
  else grid.refresh();
  openDetail(now.row);
}

/** How many rows pass the filters; null while they are counted. */
function counted(rows) {
  matching = rows;
  if (rows !== null && $('grid').getAttribute('aria-busy') === 'false' && grid.rows.length > 0) finish(state());
}

/** After the mode for unsafe pictures changed. */
export const refreshSafe = () => grid.refresh();

export const focusGrid = () => grid.focus(0);

const hides = () => preferences.safe;

/** The body of a search, without its cursor. */
function body(now) {
  const query = queryBody(now.terms);
  return query && { query, index: now.index ?? info.indexes[0]?.name ?? 'image', filter: filterBody(now.filter), safe: hides(), distinct: now.distinct };
}

async function search(now, wanted) {
  shown = wanted;
  request?.abort();
  const { signal } = request = new AbortController();
  cursor = null;
  note(null);
  $('grid').setAttribute('aria-busy', 'true');
  $('count').textContent = 'Searching…';
  if (scrollY > 0) scrollTo(0, 0);
  const asked = body(now);
  if (asked === null) {
    grid.show([]);
    fail('This search has a picture', 'A link cannot carry a picture. Drop or paste it again, or remove it from the search.');
    return;
  }
  const slow = setTimeout(() => grid.wait(), grid.rows.length > 0 ? 250 : 0);
  try {
    const answer = await call('/api/v1/search', { body: { ...asked, limit: PAGE }, signal });
    clearTimeout(slow);
    [cursor, tookMs] = [answer.cursor, answer.tookMs];
    grid.show(answer.rows, cursor ? -1 : answer.rows.length);
    finish(now);
    openDetail(state().row);
  } catch (error) {
    clearTimeout(slow);
    if (error.name === 'AbortError') return;
    shown = null;
    grid.show([]);
    fail('The search failed', error.message, { retry: () => showExplore(state()) });
  }
}

async function more() {
  if (cursor === null || $('more').classList.contains('busy')) return;
  const from = cursor;
  const { signal } = request;
  $('more').classList.add('busy');
  try {
    const answer = await call('/api/v1/search', { body: { ...body(state()), limit: PAGE, cursor: from }, signal });
    if (signal.aborted) return;
    cursor = answer.cursor;
    $('more').classList.remove('busy');
    grid.append(answer.rows, cursor ? -1 : grid.rows.length + answer.rows.length);
    finish(state());
    openDetail(state().row);
  } catch (error) {
    if (error.name === 'AbortError') return;
    cursor = null;
    note(h('p', {}, 'No more rows could be read. ' + error.message), h('div', { class: 'actions' },
      h('button', { type: 'button', class: 'button', on: { click: () => { cursor = from; note(null); more(); } } }, 'Try again')));
  } finally {
    $('more').classList.remove('busy');
  }
}

function finish(now) {
  $('grid').setAttribute('aria-busy', 'false');
  const read = grid.rows.length;
  const isSearch = now.terms.length > 0;
  const many = cursor === null ? plural(read, 'row') : `${isSearch ? 'The nearest' : 'The first'} ${count(read)} rows`;
  const whole = cursor !== null && matching !== null && conditions(now.filter).length > 0 ? ` of ${count(matching)} that pass the filters` : ` of ${count(info.rows)}`;
  $('count').replaceChildren(h('b', {}, many), whole + (isSearch ? `, in ${Math.max(1, Math.round(tookMs))} ms` : ''));
  if (read > 0) return;
  $('count').textContent = 'No rows';
  if (info.rows === 0) {
    fail('This dataset is empty', info.running ? 'The run has not written a part yet. Rows appear here as parts are committed.' : 'No row was kept.', { kind: 'none' });
  } else {
    fail('No rows match', 'Fewer filters let more rows pass.', { kind: 'none', clear: true });
  }
}

function fail(title, text, { retry, clear, kind } = {}) {
  $('grid').setAttribute('aria-busy', 'false');
  $('count').textContent = title;
  note(icon(icons[kind ?? 'broken']), h('h2', {}, title), h('p', {}, text), h('div', { class: 'actions' },
    retry && h('button', { type: 'button', class: 'button primary', on: { click: retry } }, 'Try again'),
    clear && h('button', { type: 'button', class: 'button primary', on: { click: () => navigate({ filter: noFilter() }) } }, 'Clear the filters'),
    state().terms.length > 0 && h('button', { type: 'button', class: 'button', on: { click: () => navigate({ terms: [] }) } }, 'Clear the search')));
}

function note(...children) {
  $('note').hidden = children[0] === null;
  $('note').replaceChildren(...children.filter(child => child));
}

function showIndexes(now) {
  const many = info.indexes.length > 1;
  $('indexes').hidden = !many || now.terms.length === 0;
  const current = now.index ?? 'image';
  $('indexes').replaceChildren(...info.indexes.map(({ name }) => h('button', {
    type: 'button', 'aria-pressed': String(name === current), title: name === 'text' ? 'Compare with captions' : 'Compare with pictures', on: { click: () => navigate({ index: name }) },
  }, name === 'text' ? 'Captions' : name === 'image' ? 'Pictures' : name)));
}

/** The bar of the selection is there where rows can be selected. */
export function showSelectionBar(tab) {
  $('selected').hidden = selection.size === 0 || (tab !== 'explore' && tab !== 'map');
  if ($('selected-all')) $('selected-all').hidden = tab !== 'explore';
}

function showSelection() {
  grid.refresh();
  $('grid').classList.toggle('picking', selection.size > 0);
  const bar = $('selected');
  const was = bar.hidden;
  showSelectionBar(state().tab);
  say(selection.size === 0 ? 'Nothing selected' : plural(selection.size, 'row') + ' selected');
  if (selection.size === 0) return;
  if (was || bar.childElementCount === 0) {
    bar.replaceChildren(h('span', { id: 'selected-count' }),
      h('button', { type: 'button', class: 'button primary', id: 'selected-export', on: { click: () => openExport(body(state())) } }, 'Export…'),
      h('button', { type: 'button', class: 'button', id: 'selected-all', hidden: state().tab !== 'explore', on: { click: () => selection.add(grid.rows) } }, 'Select all shown'),
      h('button', { type: 'button', class: 'button', id: 'selected-search', on: { click: searchSelected } }, 'Search like these'),
      h('button', { type: 'button', class: 'button quiet', on: { click: () => { selection.clear(); if (state().tab === 'explore') focusGrid(); else $('map-points')?.focus(); } } }, 'Clear'));
  }
  $('selected-count').replaceChildren(h('b', {}, count(selection.size)), ' selected');
  $('selected-search').hidden = selection.size > 8;
}

function searchSelected() {
  navigate({ tab: 'explore', terms: selection.ids.map(id => ({ kind: 'row', value: String(id), weight: 1 })), row: null });
  selection.clear();
}

let peeking = 0;

/** A closer look at the row under the pointer. */
function peek(event, row, element) {
  clearTimeout(peeking);
  $('peek').hidden = true;
  if (event === null || event.pointerType === 'touch') return;
  peeking = setTimeout(() => {
    const fact = (name, value) => value !== null && value !== undefined && value !== '' ? [h('dt', {}, name), h('dd', { dir: 'auto' }, String(value))] : [];
    $('peek').replaceChildren(
      h('p', { class: 'words', dir: 'auto' }, row.caption?.trim() || 'Without caption'),
      h('dl', { class: 'facts' }, fact('Size', `${count(row.width)} × ${count(row.height)}`), fact('Domain', row.domain), fact('Language', row.language && language(row.language)), fact('Licence', row.licence && licence(row.licence)),
        Object.entries(row.scores ?? {}).filter(([, value]) => value !== null).slice(0, 4).map(([name, value]) => fact(words(name), number(value)))));
    $('peek').hidden = false;
    const box = element.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = $('peek');
    const left = box.right + 8 + width < innerWidth ? box.right + 8 : box.left - width - 8;
    $('peek').style.left = Math.max(8, left) + 'px';
    $('peek').style.top = Math.max(8, Math.min(innerHeight - height - 8, box.top)) + 'px';
  }, 450);
}
