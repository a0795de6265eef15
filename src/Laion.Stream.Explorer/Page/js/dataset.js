// The view of the dataset: from links to rows, and what the rows are.

import { $, h, outside } from './dom.js';
import { call } from './api.js';
import { countsOverRange, namedBars, track } from './chart.js';
import { count, language, licence, number, percent, words } from './format.js';
import { counts, figures, head, nothing, pairs, panel, widePanel } from './sheet.js';

let request = null;

export async function showDataset() {
  const host = $('view-dataset');
  request?.abort();
  const { signal } = request = new AbortController();
  if (host.childElementCount === 0) host.replaceChildren(head('dataset-title', 'Dataset'), h('p', { class: 'soft' }, 'Loading…'));
  try {
    draw(host, await call('/api/v1/dataset', { signal }));
  } catch (error) {
    if (error.name === 'AbortError') return;
    host.replaceChildren(head('dataset-title', 'Dataset'), nothing(error.status === 404 ? 'Nothing is recorded' : 'The dataset cannot be described', error.message, error.status === 404 ? null : showDataset));
  }
}

function draw(host, data) {
  const dropped = [...data.dropped ?? []].sort((a, b) => b.count - a.count);
  const known = data.links !== null && data.links !== undefined; // a subset has no record of its links
  const lost = dropped.reduce((sum, one) => sum + one.count, 0);
  host.replaceChildren(...[
    head('dataset-title', 'Dataset'),
    figures([known && ['Links read', count(data.links)], ['Rows kept', count(data.kept)], known && ['Share kept', percent(data.kept, data.links)], lost > 0 && ['Links dropped', count(lost)], ['Domains', distinct(data.domains)]]),
    data.stages?.length > 0 && funnel(data),
    h('div', { class: 'panels' },
      list('Sets', data.sets), list('Languages', data.languages, language), list('Licences', data.licences, licence), list('Domains', data.domains), sizes(data.sizes),
      Object.keys(data.thresholds ?? {}).length > 0 && panel('Thresholds', h('p', { class: 'why-note' }, 'A row was kept when its scores passed these.'), pairs(Object.entries(data.thresholds))), models(data.models)),
    similarity(data.similarity, data.thresholds), dropped.length > 0 && reasons(dropped, lost)].filter(part => part));
}

const distinct = domains => domains.length >= 100 ? '100 or more' : count(domains.length); // the service names the first hundred

/** The stages that rows pass one after another, with what came before them; writers are a fork behind the last. */
function funnel({ links, stages: all }) {
  const stages = all.filter(stage => !stage.name.startsWith('writer '));
  if (stages.length === 0) return null;
  if (links > stages[0].in) stages.unshift({ name: 'Rules for links', in: links, kept: stages[0].in });
  const most = Math.max(1, ...stages.map(stage => stage.in));
  return widePanel('From links to rows', h('p', { class: 'why-note' }, 'What each stage was given, and what it passed on.'), h('ul', { class: 'hbars' }, stages.map(stage => h('li', { class: 'hbar' },
    h('span', { class: 'name' }, words(stage.name)), h('span', { class: 'n' }, `${count(stage.kept)} of ${count(stage.in)} · ${percent(stage.kept, stage.in)}`),
    track([['kept', stage.kept / most], ['lost', Math.max(0, stage.in - stage.kept) / most]])))));
}

function list(title, from, name = value => value) {
  const items = counts(from).filter(item => item.value > 0).map(item => ({ ...item, name: name(item.name) || 'unknown' }));
  return items.length > 0 && panel(title, namedBars(items));
}

const sizes = from => Object.entries(from ?? {}).map(([name, value]) => panel(words(name), countsOverRange([{ name, counts: value.counts }], { min: value.min, max: value.max, label: `Rows by ${name}` })));

/** The models by role, each by the beginning of its SHA-256. */
function models(from) {
  const rows = Object.entries(from ?? {});
  return rows.length > 0 && panel('Models', h('p', { class: 'why-note' }, 'By role, with the SHA-256 of each.'), pairs(rows.map(([role, digest]) => [role, h('code', { title: digest }, digest.length > 24 ? digest.slice(0, 12) + '…' : digest)])));
}

function similarity(from, thresholds) {
  const drawn = Object.entries(from ?? {}).filter(([, value]) => value?.counts?.some(one => one > 0));
  if (drawn.length === 0) return null;
  // Each set's counts begin at its own lowest similarity: they are put on one scale.
  const { width } = drawn[0][1];
  const min = Math.min(...drawn.map(([, value]) => value.from));
  const offset = value => Math.round((value.from - min) / width);
  const bins = Math.max(...drawn.map(([, value]) => offset(value) + value.counts.length));
  const series = drawn.map(([name, value]) => ({ name, counts: Array.from({ length: bins }, (_, at) => value.counts[at - offset(value)] ?? 0) }));
  const limits = Object.entries(thresholds ?? {}).filter(([name]) => name.startsWith('similarity_') && drawn.some(([set]) => name === 'similarity_' + set));
  const marks = [...Map.groupBy(limits, ([, at]) => at)].map(([at, names]) => ({ at, name: `${number(at)} ${names.map(([name]) => name.slice(11)).join(', ')}` }));
  return widePanel('Similarity of captions and pictures', h('p', { class: 'why-note' }, 'Every row that was scored, by set; those left of the set’s threshold were dropped.'),
    countsOverRange(series, { min, max: min + bins * width, label: 'Rows by similarity', marks }));
}

function reasons(dropped, lost) {
  const most = Math.max(1, ...dropped.map(one => one.count));
  return widePanel('Why links were dropped', h('div', { class: 'reasons' }, dropped.map(one => {
    const samples = one.samples ?? [];
    return h('details', { class: samples.length > 0 ? '' : 'empty', 'data-reason': one.reason },
      h('summary', {}, h('span', {}, words(one.reason)), track([['lost', one.count / most]]), h('span', { class: 'soft' }, `${count(one.count)} · ${percent(one.count, lost)}`)),
      samples.length > 0
        ? h('ul', { class: 'samples' }, samples.map(sample => h('li', {}, h('div', { dir: 'auto' }, sample.text || 'Without caption'), h('div', { class: 'soft' }, sample.url && outside(sample.url), sample.detail && ' · ' + sample.detail))))
        : h('p', { class: 'samples soft' }, 'No samples: this run did not write its dropped rows (Writing:Drops).'));
  })));
}
