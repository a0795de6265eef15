// The view of the run that writes, or wrote, the dataset. While it runs and is looked at, it is read again every few seconds.

import { $, h } from './dom.js';
import { call } from './api.js';
import { overTime, track } from './chart.js';
import { brief, bytes, count, number, since, words } from './format.js';
import { figures, head, nothing, panel, widePanel } from './sheet.js';
import { state } from './state.js';

const EVERY = 5000;
let request = null;
let later = 0;

export async function showRun() {
  const host = $('view-run');
  clearTimeout(later);
  request?.abort();
  const { signal } = request = new AbortController();
  if (host.childElementCount === 0) host.replaceChildren(head('run-title', 'Run'), h('p', { class: 'soft' }, 'Loading…'));
  try {
    const data = await call('/api/v1/run', { signal });
    draw(host, data);
    if (data.running) later = setTimeout(() => { if (state().tab === 'run' && !document.hidden) showRun(); }, EVERY);
  } catch (error) {
    if (error.name === 'AbortError') return;
    host.replaceChildren(head('run-title', 'Run'), error.status === 404
      ? nothing('No run is recorded here', 'This folder has no record of a run: it may be a subset, or a dataset of another program.')
      : nothing('The run cannot be shown', error.message, showRun));
  }
}

document.addEventListener('visibilitychange', () => { if (!document.hidden && state().tab === 'run') showRun(); });

function draw(host, data) {
  const points = (data.history ?? []).map(point => ({ ...point, time: Date.parse(point.at) })).filter(point => Number.isFinite(point.time));
  const last = points.at(-1);
  host.replaceChildren(...[
    head('run-title', 'Run', h('span', { class: 'state' + (data.running ? ' live' : /fault|abort|fail/i.test(data.state ?? '') ? ' bad' : ''), role: 'status' }, data.running ? 'Running' : words(data.state ?? 'ended'))),
    figures([
      data.linksPerSecond !== undefined && data.linksPerSecond !== null && ['Links a second', number(data.linksPerSecond)],
      data.keptPerSecond !== undefined && data.keptPerSecond !== null && ['Rows kept a second', number(data.keptPerSecond)],
      last && ['Links', brief(last.links)], last && ['Rows kept', brief(last.kept)],
      last && ['Fetched', bytes(last.bytes ?? 0)], last && last.memoryBytes > 0 && ['Memory', bytes(last.memoryBytes)], last && last.cpuSeconds > 0 && ['CPU time', since(last.cpuSeconds)],
    ]),
    data.bottleneck && h('p', { class: 'panel bottleneck' }, data.running ? 'What limits the run now: ' : 'What limited the run last: ', h('b', {}, words(data.bottleneck)), '.'),
    h('div', { class: 'panels even' },
      points.length > 1 && panel('Links a second', overTime(rates(points, 'links'), { label: 'Links a second' })),
      points.length > 1 && panel('Rows kept a second', overTime(rates(points, 'kept'), { label: 'Rows kept a second' })),
      points.length > 1 && panel('Time of a fetch, 99th percentile', overTime(points.map(point => [point.time, point.latencyP99]), { label: 'Time of a fetch', format: value => number(Math.round(value)) + ' ms' })),
      points.length > 1 && last.memoryBytes > 0 && panel('Memory', overTime(points.map(point => [point.time, point.memoryBytes]), { label: 'Memory', format: bytes }))),
    data.stages?.length > 0 && stages(data.stages),
    errors(data.errors ?? [])].filter(part => part));
}

/** Differences a second between points of one session. */
function rates(points, name) {
  const list = [];
  for (let at = 1; at < points.length; at++) {
    const [before, now] = [points[at - 1], points[at]];
    const seconds = (now.time - before.time) / 1000;
    if (before.session === now.session && seconds > 0) list.push([now.time, Math.max(0, (now[name] - before[name]) / seconds)]);
  }
  return list;
}

function stages(list) {
  const most = Math.max(1, ...list.map(stage => stage.in));
  return widePanel('Stages', h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Stages' }, h('table', { class: 'table' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Stage'), h('th', { scope: 'col', class: 'num' }, 'Given'), h('th', { scope: 'col', class: 'num' }, 'Passed on'), h('th', { scope: 'col', class: 'num' }, 'Dropped'),
      h('th', { scope: 'col', class: 'num' }, 'In it now'), h('th', { scope: 'col' }, 'Share'))),
    h('tbody', {}, list.map(stage => h('tr', {}, h('th', { scope: 'row' }, words(stage.name)), h('td', { class: 'num' }, count(stage.in)), h('td', { class: 'num' }, count(stage.kept)), h('td', { class: 'num' }, count(stage.dropped)),
      h('td', { class: 'num' }, count(Math.max(0, stage.in - stage.kept - stage.dropped))),
      h('td', { class: 'hbar' }, track([['kept', stage.kept / most], ['lost', stage.dropped / most], ['passed', Math.max(0, stage.in - stage.kept - stage.dropped) / most]]))))))));
}

function errors(list) {
  return list.length > 0 && widePanel('Warnings and errors', h('ul', { class: 'log' }, list.map(one => h('li', {}, [h('span', { class: 'soft' }, `${new Date(one.at).toLocaleString()} · ${one.level} · `), one.message]))));
}
