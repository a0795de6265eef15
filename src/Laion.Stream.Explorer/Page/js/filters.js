// The filters beside the grid. What a filter offers is counted with all other filters, so that its other values do not vanish.

import { $, h, icon, icons } from './dom.js';
import { call } from './api.js';
import { histogram } from './histogram.js';
import { count, language, licence, number, words } from './format.js';
import { conditions, filterBody, navigate, noFilter, state } from './state.js';

const FACETS = [
  { list: 'folders', facet: 'folder', title: 'Folder', name: value => value },
  { list: 'sets', facet: 'set', title: 'Set', name: value => value },
  { list: 'languages', facet: 'language', title: 'Language', name: language },
  { list: 'licences', facet: 'licence', title: 'Licence', name: licence },
  { list: 'domains', facet: 'domain', title: 'Domain', name: value => value, add: 'Another domain' },
];
const FEW = 6;
const opened = new Set();
let asking = null;
let all = null;
let drawn = '';
let held = null;
let tell = () => {};

/**
 * Moves the filters between the page's side and the drawer of narrow windows.
 * @param counted is told how many rows pass, and null while they are counted
 */
export function startFilters(counted) {
  tell = counted;
  if ($('side').childElementCount === 0) $('side').replaceChildren(head(state()), ...Array.from({ length: 4 }, () => h('div', { class: 'group waiting', 'aria-hidden': 'true' })));
  const wide = matchMedia('(min-width: 64.0625rem)');
  const place = () => {
    if (wide.matches) {
      if ($('drawer').open) $('drawer').close();
      document.querySelector('.explore').prepend($('side'));
    } else {
      $('drawer').replaceChildren($('side'), h('div', { class: 'drawer-end' }, h('button', { type: 'button', class: 'button primary', id: 'drawer-done', on: { click: () => $('drawer').close() } }, 'Show the rows')));
    }
  };
  wide.addEventListener('change', place);
  place();
  $('side').addEventListener('pointerdown', event => {
    if (event.target.type === 'range') held = new Promise(resolve => { for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { held = null; resolve(); }, { once: true }); });
  });
  $('open-filters').addEventListener('click', () => $('drawer').showModal());
  $('drawer').addEventListener('click', event => { if (event.target === $('drawer')) $('drawer').close(); });
}

/** After the dataset changed. */
export function forgetCounts() {
  all = null;
  drawn = '';
}

/** Counts and shows the filters of a state. */
export async function showFilters(now, safe, { again = false } = {}) {
  showActive(now);
  const key = JSON.stringify([now.filter, safe]);
  if (key === drawn && !again) return;
  drawn = key;
  tell(null);
  asking?.abort();
  const { signal } = asking = new AbortController();
  const ask = filter => call('/api/v1/facets', { body: { filter: filterBody(filter), safe }, signal });
  try {
    all ??= ask(noFilter());
    const groups = [...FACETS.map(one => one.list).filter(list => now.filter[list].length > 0), 'width', 'height', ...Object.keys(now.filter.scores).map(name => 's.' + name)]
      .filter(group => group.startsWith('s.') || (Array.isArray(now.filter[group]) ? now.filter[group].length > 0 : now.filter[group]));
    const [whole, counted, ...others] = await Promise.all([all, ask(now.filter), ...groups.map(group => ask(without(now.filter, group)))]);
    await held; // a thumb that is being dragged must not be replaced under the hand
    if (signal.aborted) return;
    tell(counted.rows);
    draw(now, whole, counted, new Map(groups.map((group, at) => [group, others[at]])));
  } catch (error) {
    if (error.name === 'AbortError') return;
    all = null;
    drawn = '';
    $('side').replaceChildren(head(now), h('p', { class: 'soft' }, 'The rows could not be counted. ' + error.message));
  }
}

function without(filter, group) {
  if (!group.startsWith('s.')) return { ...filter, [group]: Array.isArray(filter[group]) ? [] : null };
  const { [group.slice(2)]: _, ...scores } = filter.scores;
  return { ...filter, scores };
}

const change = (filter, options) => navigate({ filter: { ...state().filter, ...filter }, row: null }, options);

function head(now) {
  return h('div', { class: 'side-head' }, h('h2', {}, 'Filters'),
    conditions(now.filter).length > 0 && h('button', { type: 'button', class: 'button quiet', id: 'clear-filters', on: { click: () => change(noFilter()) } }, 'Clear all'));
}

function draw(now, whole, counted, others) {
  const focus = focusKey();
  const scroll = $('side').scrollTop;
  const scores = Object.keys(whole.histograms).filter(name => name !== 'width' && name !== 'height');
  $('side').replaceChildren(...[head(now), words_(now),
    ...FACETS.slice(0, 3).map(facet => list(facet, now, whole, others.get(facet.list) ?? counted)),
    ...scores.map(name => slider(words(name), name, whole, others.get('s.' + name) ?? counted, now.filter.scores[name],
      range => { const { [name]: _, ...rest } = state().filter.scores; return { scores: range ? { ...rest, [name]: range } : rest }; })),
    ...['width', 'height'].filter(name => whole.histograms[name]).map(name => slider(words(name), name, whole, others.get(name) ?? counted, now.filter[name], range => ({ [name]: range }))),
    aspect(now), dates(now), ...FACETS.slice(3).map(facet => list(facet, now, whole, others.get(facet.list) ?? counted))].filter(part => part)); // null would be shown as a word
  $('side').scrollTop = scroll;
  if (focus) $('side').querySelector(focus)?.focus({ preventScroll: true });
}

/** What has the focus now, as a selector that finds its successor. */
function focusKey() {
  const active = document.activeElement;
  const name = $('side').contains(active) && active.getAttribute('aria-label');
  return name ? `[aria-label="${CSS.escape(name)}"]` : null;
}

function words_(now) {
  return h('div', { class: 'group' }, h('h3', {}, h('label', { for: 'has' }, 'Caption contains')),
    h('input', { id: 'has', class: 'field', type: 'search', value: now.filter.text ?? '', 'aria-label': 'Caption contains', on: { change: event => change({ text: event.target.value.trim() || null }) } }));
}

function list({ list: key, facet, title, name, add }, now, whole, counted) {
  const counts = new Map((counted.facets[facet] ?? []).map(one => [one.value, one.count]));
  const chosen = now.filter[key];
  const values = [...new Set([...chosen, ...(whole.facets[facet] ?? []).map(one => one.value), ...counts.keys()])].filter(value => value || chosen.includes(value));
  if (values.length === 0) return null;
  const shown = opened.has(key) ? values : values.slice(0, Math.max(FEW, chosen.length));
  const toggle = (value, on) => change({ [key]: on ? [...state().filter[key], value] : state().filter[key].filter(one => one !== value) });
  return h('fieldset', { class: 'group facet', 'data-facet': facet }, h('legend', {}, title),
    shown.map(value => h('label', { class: counts.get(value) ? '' : 'none' },
      h('input', { type: 'checkbox', checked: chosen.includes(value), 'aria-label': `${title}: ${name(value)}`, on: { change: event => toggle(value, event.target.checked) } }),
      h('span', { class: 'value', dir: 'auto', title: name(value) }, name(value)), h('span', { class: 'n' }, count(counts.get(value) ?? 0)))),
    values.length > Math.max(FEW, chosen.length) && h('button', {
      type: 'button', class: 'button quiet', 'aria-expanded': String(opened.has(key)), 'aria-label': `${opened.has(key) ? 'Show fewer' : `Show ${values.length - FEW} more`}: ${title}`,
      on: { click: () => { if (!opened.delete(key)) opened.add(key); showFilters(state(), lastSafe(), { again: true }); } },
    }, opened.has(key) ? 'Show fewer' : `Show ${values.length - FEW} more`),
    add && h('input', {
      class: 'field', type: 'text', placeholder: add, 'aria-label': add,
      on: { change: event => { const value = event.target.value.trim().toLowerCase(); if (value) toggle(value, true); } },
    }));
}

const lastSafe = () => drawn ? JSON.parse(drawn)[1] : 'blur';

function slider(title, name, whole, counted, range, filterOf) {
  const histograms = [whole.histograms[name], counted.histograms[name] ?? { ...whole.histograms[name], counts: whole.histograms[name].counts.map(() => 0) }];
  return histogram({
    title, name, all: histograms[0], others: histograms[1], range,
    change: (to, isLast) => { if (isLast) change(filterOf(to)); }, // the steps of a thumb on its way ask nothing of the service
  });
}

function aspect(now) {
  const kinds = [['Any', null], ['Portrait', { max: .9 }], ['Square', { min: .9, max: 1.1 }], ['Wide', { min: 1.1 }]];
  const same = range => JSON.stringify(range) === JSON.stringify(now.filter.aspect);
  return h('div', { class: 'group' }, h('h3', { id: 'aspect-title' }, 'Shape'), h('div', { class: 'segments', role: 'group', 'aria-labelledby': 'aspect-title' },
    kinds.map(([name, range]) => h('button', { type: 'button', 'aria-pressed': String(same(range)), 'aria-label': 'Shape: ' + name, on: { click: () => change({ aspect: range }) } }, name))));
}

function dates(now) {
  const date = now.filter.date ?? {};
  const set = (end, value) => { const to = { ...state().filter.date, [end]: value || undefined }; change({ date: to.from || to.to ? to : null }); };
  const field = (end, title) => h('label', {}, title,
    h('input', { class: 'field', type: 'date', value: date[end] ?? '', 'aria-label': `Fetched ${title.toLowerCase()}`, on: { change: event => set(end, event.target.value) } }));
  return h('fieldset', { class: 'group' }, h('legend', {}, 'Fetched'), h('div', { class: 'pair' }, field('from', 'From'), field('to', 'Until')));
}

const between = ({ min, max }) => min === undefined ? `≤ ${number(max)}` : max === undefined ? `≥ ${number(min)}` : `${number(min)} to ${number(max)}`;
const singular = { folders: 'Folder', sets: 'Set', languages: 'Language', licences: 'Licence', domains: 'Domain' };

function sentence({ name, value }) {
  if (typeof value === 'string') return name === 'text' ? `Caption contains “${value}”` : `${singular[name]}: ${name === 'languages' ? language(value) : name === 'licences' ? licence(value) : value}`;
  return name === 'date' ? `Fetched ${value.from ? 'from ' + value.from : ''} ${value.to ? 'until ' + value.to : ''}` : `${words(name)} ${between(value)}`;
}

export function showActive(now) {
  const list_ = conditions(now.filter);
  $('active').hidden = list_.length === 0;
  $('filter-count').hidden = list_.length === 0;
  $('filter-count').textContent = list_.length;
  $('active').replaceChildren(...list_.map(one => h('li', {}, h('span', { dir: 'auto' }, sentence(one)),
    h('button', { type: 'button', class: 'icon', 'aria-label': 'Remove the filter ' + sentence(one), on: { click: () => navigate({ filter: one.without, row: null }) } }, icon(icons.close)))));
}
