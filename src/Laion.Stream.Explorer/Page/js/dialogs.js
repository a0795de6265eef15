// Small dialogs: the keys and what programs ask, and the service's key.

import { $, h, icon, icons } from './dom.js';
import { preferences } from './preferences.js';

const KEYS = [
  ['/', 'Go to the search'], ['Enter', 'Search; with Alt: add to the search; with Alt + Shift: exclude'], ['← → ↑ ↓', 'Move over the rows'], ['Home, End', 'First and last row read'],
  ['Enter', 'Everything about the row'], ['Space or x', 'Select the row; with Shift and a click: all between'], ['← →', 'In a row’s details: the rows beside it'],
  ['← → ↑ ↓ + − 0', 'On the map: move, zoom, show all; Enter opens the row in the middle, x selects what is in sight; Shift and drag draws a lasso'],
  ['b', 'Blur unsafe pictures, or not'], ['Esc', 'Close'], ['?', 'Show these keys'],
];

const top = (id, title, box) => h('div', { class: 'box-head' }, h('h2', { id }, title), h('button', { type: 'button', class: 'icon', 'aria-label': 'Close', on: { click: () => box.close() } }, icon(icons.close)));

export function showKeys() {
  const box = $('keys');
  box.replaceChildren(top('keys-title', 'Keys', box), h('dl', { class: 'keys' }, KEYS.map(([key, use]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, use)])),
    h('h3', { class: 'programs' }, 'For programs'),
    h('p', { class: 'small' }, 'All that this page asks is ', h('a', { href: '/openapi/v1.json' }, 'described by OpenAPI'), '. clip-retrieval’s client works too: ',
      h('code', {}, `ClipClient(url="${location.origin}/knn-service", indice_name="…")`), '; ', h('a', { href: '/indices-list' }, 'names of the indices'), '.'));
  box.showModal();
}

let asking = null;

/** Asks for the service's key, once for all requests that want it. True when one was given. */
export function askForKey(message) {
  asking ??= new Promise(resolve => {
    const box = $('key');
    const field = h('input', { class: 'field', type: 'password', id: 'key-field', autocomplete: 'off', required: true });
    let given = false;
    box.replaceChildren(top('key-title', 'This service asks for a key', box), h('form', { on: { submit: event => {
      event.preventDefault();
      preferences.key = field.value.trim();
      given = true;
      box.close();
    } } }, h('p', { class: 'soft small' }, message), h('label', { class: 'small', for: 'key-field' }, 'Key'), field,
    h('div', { class: 'ends' }, h('button', { type: 'submit', class: 'button primary' }, 'Use this key'))));
    box.addEventListener('close', () => { asking = null; resolve(given); }, { once: true });
    box.showModal();
  });
  return asking;
}
