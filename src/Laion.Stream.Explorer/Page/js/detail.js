// Everything known of one row.

import { $, h, icon, icons, outside, safeLink } from './dom.js';
import { call } from './api.js';
import { nameOf, picture } from './card.js';
import { addTerm } from './query.js';
import { preferences } from './preferences.js';
import { selection } from './selection.js';
import { format, navigate, state } from './state.js';
import { language, licence, number, similarity, words } from './format.js';
import { toast } from './announce.js';

const PAGE_COLUMNS = ['page_url', 'PAGE_URL'];
let around;
let open = null;
let request = null;
let revealed = null;
let current = null;

const SIMILAR = 15;
const LONG = 200;

/** @param options rows() of the grid, focus(id), more() rows, info */
export function startDetail(options) {
  around = options;
  const box = $('detail');
  box.addEventListener('close', () => { if (state().row !== null && open !== null) navigate({ row: null }); });
  box.addEventListener('click', event => { if (event.target === box) box.close(); });
  box.addEventListener('keydown', event => {
    if (event.target.closest('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowRight') step(1);
    if (event.key === 'ArrowLeft') step(-1);
    if (event.key === 'x') toggle();
  });
  selection.listen(() => { if (open !== null) marks(); });
}

/** Shows a row; null shows none. */
export function openDetail(id) {
  if (id === open) {
    if (id !== null) { place(); marks(); }
    return;
  }
  const before = open;
  open = id;
  request?.abort();
  if (id === null) {
    if ($('detail').open) $('detail').close();
    if (before !== null && state().tab === 'map') $('map-points')?.focus();
    else if (before !== null && around.rows().some(row => row.id === before)) around.focus(before);
    return;
  }
  request = new AbortController();
  revealed = null;
  show(around.rows().find(row => row.id === id) ?? null, request.signal, id);
}

async function show(known, signal, id) {
  draw(known, id);
  if (!$('detail').open) $('detail').showModal();
  try {
    const row = await call('/api/v1/rows/' + id, { signal });
    draw({ ...known, ...row, score: known?.score ?? row.score }, id, { whole: true });
    const similar = await call(`/api/v1/rows/${id}/similar?limit=${SIMILAR + 1}&safe=${preferences.safe}`, { signal });
    showSimilar(similar.rows.filter(one => one.id !== id).slice(0, SIMILAR));
  } catch (error) {
    if (error.name === 'AbortError') return;
    if ($('detail-similar')) $('detail-similar').replaceChildren(h('p', { class: 'soft small said' }, error.message), ...boxes(SIMILAR - 1, 'none'));
    else draw(null, id, { failure: error.message });
  }
}

/** Draws again what depends on the mode for unsafe pictures. */
export function refreshDetail() {
  if (open === null) return;
  const id = open;
  open = null;
  openDetail(id);
}

function draw(row, id, { whole = false, failure = null } = {}) {
  current = row;
  const hadFocus = $('detail').contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
  $('detail').replaceChildren(bar(id),
    row ? pictureSide(row) : h('div', { class: 'detail-picture' }, h('div', { class: 'stage' })),
    h('div', { class: 'detail-facts', tabindex: 0, 'aria-label': 'About the row' }, row
      ? [title(row), links(row), whole ? facts(row) : h('p', { class: 'soft' }, 'Loading…')]
      : [h('h2', { id: 'detail-title' }, failure ? 'This row cannot be shown' : 'Row ' + id), h('p', { class: 'soft' }, failure ?? 'Loading…')]));
  place();
  marks();
  const again = hadFocus && [...$('detail').querySelectorAll('[aria-label]')].find(one => one.getAttribute('aria-label') === hadFocus);
  if (again && !again.disabled) again.focus();
}

function bar(id) {
  return h('div', { class: 'detail-bar' }, h('span', { class: 'place', id: 'detail-place' }),
    h('button', { type: 'button', class: 'icon', id: 'detail-back', 'aria-label': 'Previous row', title: '←', on: { click: () => step(-1) } }, icon(icons.left)),
    h('button', { type: 'button', class: 'icon', id: 'detail-on', 'aria-label': 'Next row', title: '→', on: { click: () => step(1) } }, icon(icons.right)),
    h('button', { type: 'button', class: 'button', id: 'detail-link', on: { click: () => copy(location.origin + format({ ...state(), row: id }), 'The link is copied.') } }, 'Copy link'),
    h('button', { type: 'button', class: 'icon', 'aria-label': 'Close', on: { click: () => $('detail').close() } }, icon(icons.close)));
}

function pictureSide(row) {
  const isBlurred = row.unsafe && preferences.safe !== 'show' && revealed !== row.id;
  const stage = h('div', { class: 'stage' });
  const gone = () => stage.replaceChildren(h('div', { class: 'gone' }, icon(icons.picture), h('p', {}, 'The picture is not kept in this dataset, and its address gave none.'), outside(row.url, 'Open its address')));
  if (around.info.hasThumbnails || around.info.canFetch) {
    const image = picture(row, 1024, { alt: nameOf(row), onGone: gone });
    stage.append(image);
    image.load();
  } else {
    gone();
  }
  const side = h('div', { class: 'detail-picture' + (isBlurred ? ' blur' : '') }, stage, h('div', { class: 'detail-actions' },
    h('button', { type: 'button', class: 'button primary', id: 'detail-similar-search', on: { click: () => addTerm('row', row.id, 'replace') } }, 'Search like this'),
    h('button', { type: 'button', class: 'button', id: 'detail-plus', on: { click: () => addTerm('row', row.id, 'plus') } }, '+ Add to search'),
    h('button', { type: 'button', class: 'button', id: 'detail-minus', on: { click: () => addTerm('row', row.id, 'minus') } }, '− Exclude'),
    h('button', { type: 'button', class: 'button', id: 'detail-select', on: { click: toggle } }, 'Select')));
  if (isBlurred) {
    stage.append(h('button', {
      type: 'button', class: 'button reveal', on: { click: event => { revealed = row.id; side.classList.remove('blur'); event.target.remove(); } },
    }, 'Marked as unsafe: show it'));
  }
  return side;
}

const title = row => h('h2', { id: 'detail-title', dir: 'auto', class: row.caption?.length > LONG && 'long' }, row.caption?.trim() || 'Without caption');

/** Boxes where similar pictures come: what is below them does not move. */
const boxes = (many, kind = '') => Array.from({ length: many }, () => h('span', { class: 'box ' + kind, 'aria-hidden': 'true' }));

function links(row) {
  const page = PAGE_COLUMNS.map(name => row.columns?.[name]).find(value => value);
  return h('div', { class: 'detail-links' }, safeLink(row.url) ? outside(row.url, 'Picture’s address ↗') : h('span', { class: 'soft' }, 'No address to follow'),
    page && safeLink(page) && outside(page, 'Page it came from ↗'));
}

function facts(row) {
  const fact = (name, value) => value === null || value === undefined || value === '' ? null : [h('dt', {}, name), h('dd', { dir: 'auto' }, value)];
  return h('div', {},
    why(row),
    h('h3', {}, 'Looks similar'), h('div', { id: 'detail-similar', class: 'similar', 'aria-busy': 'true' }, boxes(SIMILAR)),
    h('h3', {}, 'Facts'), h('dl', { class: 'facts' },
      fact('Similarity to the search', similarity(row.score)), fact('Size', `${row.width} × ${row.height}`), fact('Set', row.set), fact('Language', row.language && language(row.language)),
      fact('Licence', row.licence && licence(row.licence)), fact('Domain', row.domain), fact('Safety', row.nsfw), row.duplicates > 0 && fact('Near copies', String(row.duplicates))),
    h('h3', {}, 'Where it is'), h('dl', { class: 'facts' }, fact('Row', String(row.id)), fact('Output', row.folder), fact('Part', row.part), fact('Position', row.position === undefined ? null : String(row.position))),
    h('h3', {}, 'Every column'), h('dl', { class: 'facts', id: 'detail-columns' }, Object.entries(row.columns ?? {}).map(([name, value]) => [h('dt', { class: 'mono' }, name), h('dd', { dir: 'auto' }, cell(value))])));
}

function cell(value) {
  if (value === null || value === undefined || value === '') return h('span', { class: 'soft' }, value === '' ? 'empty' : 'none');
  if (typeof value === 'string' && safeLink(value)) return outside(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function why(row) {
  if (!row.why?.length) return null;
  return [h('h3', {}, 'Why it was kept'), h('table', { class: 'why' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Score'), h('th', { scope: 'col', class: 'num' }, 'Value'), h('th', { scope: 'col', class: 'num' }, 'Limit'), h('th', { scope: 'col' }, 'Passed'))),
    h('tbody', {}, row.why.map(one => h('tr', {}, h('td', {}, words(one.name)), h('td', { class: 'num' }, number(one.value)), h('td', { class: 'num' }, `${one.kind === 'max' ? '≤' : '≥'} ${number(one.limit)}`),
      h('td', { class: one.passed ? 'yes' : 'no' }, one.passed ? '✓ yes' : '✗ no')))))];
}

function showSimilar(rows) {
  const host = $('detail-similar');
  if (!host) return;
  host.removeAttribute('aria-busy');
  if (rows.length === 0) {
    host.replaceChildren(h('p', { class: 'soft small said' }, 'No row looks like it.'));
    return;
  }
  host.replaceChildren(...rows.map(row => {
    const link = h('a', {
      href: format({ ...state(), row: row.id }), class: (row.unsafe ? 'unsafe ' : '') + (preferences.safe !== 'show' ? 'blur' : ''), 'aria-label': `${nameOf(row)}, similarity ${similarity(row.score)}`,
      on: { click: event => { if (event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); navigate({ row: row.id }); } },
    });
    const gone = () => link.prepend(h('span', { class: 'gone' }, 'no picture'));
    if (around.info.hasThumbnails || around.info.canFetch) {
      const image = picture(row, 256, { onGone: gone });
      link.append(image);
      image.load();
    } else {
      gone();
    }
    link.append(h('span', { class: 'tag', 'aria-hidden': 'true' }, similarity(row.score)));
    return link;
  }), ...boxes(SIMILAR - rows.length, 'none'));
}

const at = () => around.rows().findIndex(row => row.id === open);

function place() {
  const index = at();
  if (!$('detail-place')) return;
  $('detail-place').textContent = index < 0 ? 'Row ' + open : `${index + 1} of ${around.rows().length} read`;
  $('detail-back').disabled = index <= 0;
  $('detail-on').disabled = index < 0 || index >= around.rows().length - 1;
  if (index >= around.rows().length - 5) around.more();
}

function step(by) {
  const index = at();
  const next = index < 0 ? null : around.rows()[index + by];
  if (next) navigate({ row: next.id }, { replace: true });
}

function toggle() {
  const row = current;
  if (row) selection.set(row, !selection.has(row.id));
}

function marks() {
  const button = $('detail-select');
  if (!button) return;
  const chosen = selection.has(open);
  button.textContent = chosen ? 'Selected' : 'Select';
  button.setAttribute('aria-pressed', String(chosen));
}

/** Puts text on the clipboard, which browsers allow only from this machine or by https. */
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast('The browser does not allow copying here: ' + text);
  }
}
