// The page: starts its parts and shows the view of the address.

import { $, h, icon, icons } from './dom.js';
import { call, whenKeyIsAsked } from './api.js';
import { focusGrid, previewExplore, refreshSafe, showExplore, showSelectionBar, startExplore } from './explore.js';
import { refreshDetail } from './detail.js';
import { askForKey, showKeys } from './dialogs.js';
import { showDataset } from './dataset.js';
import { showMap, startMap } from './map.js';
import { showRun } from './run.js';
import { preferences } from './preferences.js';
import { listen, navigate, parse, state } from './state.js';
import { say } from './announce.js';

const VIEWS = { explore: 'view-explore', map: 'view-map', dataset: 'view-dataset', run: 'view-run' };
let info = null;

whenKeyIsAsked(askForKey);
showSafe();
previewExplore(state());
showView(state());
listen((now, before) => { showView(now, before); });
$('safe').addEventListener('click', toggleSafe);
$('help').addEventListener('click', showKeys);
document.addEventListener('click', follow);
document.addEventListener('keydown', keys);
start();

async function start() {
  try {
    info = await call('/api/v1/info');
  } catch (error) {
    $('grid').setAttribute('aria-busy', 'false');
    $('count').textContent = 'The service cannot be read';
    $('note').hidden = false;
    $('note').replaceChildren(icon(icons.broken), h('h2', {}, 'The service cannot be read'), h('p', {}, error.message),
      h('div', { class: 'actions' }, h('button', { type: 'button', class: 'button primary', on: { click: () => location.reload() } }, 'Try again')));
    return;
  }
  $('dataset-name').textContent = info.name;
  $('dataset-name').title = info.name;
  startExplore(info);
  startMap(info);
  if (state().tab === 'explore') showExplore(state());
  if (state().tab === 'map') showMap(state());
}

function showView(now, before) {
  for (const [tab, id] of Object.entries(VIEWS)) $(id).hidden = now.tab !== tab;
  for (const link of document.querySelectorAll('[data-tab]')) {
    if (link.dataset.tab === now.tab) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = titleOf(now);
  showSelectionBar(now.tab);
  if (now.tab === 'explore' && info) showExplore(now);
  if (now.tab === 'map' && info) showMap(now);
  if (now.tab === 'dataset' && before?.tab !== 'dataset') showDataset();
  if (now.tab === 'run' && before?.tab !== 'run') showRun();
  if (before && before.tab !== now.tab) scrollTo(0, 0);
}

function titleOf({ tab, terms }) {
  const words = terms.filter(one => one.kind === 'text').map(one => (one.weight < 0 ? '−' : '') + one.value).join(' ');
  return (tab === 'explore' ? words || 'Explore' : { map: 'Map', dataset: 'Dataset', run: 'Run' }[tab]) + ' · Laion.Stream';
}

/** Links of the page change its state, not the document. */
function follow(event) {
  const link = event.target.closest?.('a[data-link]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.dataset.tab) navigate({ tab: link.dataset.tab, row: null });
  else navigate(parse(''));
}

function showSafe() {
  const isOn = preferences.safe !== 'show';
  $('safe').setAttribute('aria-pressed', String(isOn));
  $('safe').querySelector('b').textContent = isOn ? 'on' : 'off';
  $('safe').title = isOn ? 'Pictures marked as unsafe are blurred' : 'All pictures are shown';
}

function toggleSafe() {
  preferences.safe = preferences.safe === 'show' ? 'blur' : 'show';
  showSafe();
  say(preferences.safe === 'show' ? 'Safe mode is off' : 'Safe mode is on');
  if (!info) return;
  refreshSafe();
  refreshDetail();
}

function keys(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, select, textarea, dialog')) return;
  if (event.key === '/') {
    event.preventDefault();
    $('q').focus();
    $('q').select();
  } else if (event.key === '?') {
    showKeys();
  } else if (event.key === 'b') {
    toggleSafe();
  } else if (event.key === 'ArrowDown' && document.activeElement === document.body && state().tab === 'explore' && info) {
    event.preventDefault();
    focusGrid();
  }
}
