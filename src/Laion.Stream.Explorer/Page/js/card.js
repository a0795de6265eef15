// One row of the grid.

import { h, icon, icons } from './dom.js';
import { loadPicture } from './api.js';
import { similarity, language } from './format.js';

/** What a row is called where there is one line for it. */
export const nameOf = row => row.caption?.trim() ? (row.caption.length > 160 ? row.caption.slice(0, 160) + '…' : row.caption) : 'Row ' + row.id + ', without caption';

export function picture(row, size, { alt = '', onGone } = {}) {
  const image = h('img', { alt, decoding: 'async', draggable: 'false' });
  image.addEventListener('load', () => image.classList.add('here'));
  image.addEventListener('error', () => { image.remove(); onGone?.(); }, { once: true });
  image.load = signal => loadPicture(image, `${row.thumbnail}?size=${size}`, signal);
  return image;
}

/** A card. `size` is the height of its picture on the screen. */
export function card(row, index, { size, total, href, blur, chosen, hasPictures, on }) {
  const gone = () => frame.querySelector('.gone') ?? frame.append(missing(row));
  const link = h('a', { href, tabindex: -1, 'aria-label': label(row), on: { click: event => on.open(event, row), keydown: event => on.key(event, index) } });
  const frame = h('div', { class: 'frame' }, link);
  if (hasPictures) {
    const image = picture(row, size > 256 / (window.devicePixelRatio || 1) ? 512 : 256, { onGone: gone });
    link.append(image);
    image.load();
  } else {
    gone();
  }
  frame.append(
    h('div', { class: 'veil', 'aria-hidden': 'true' }, h('b', {}, 'Blurred'), h('span', {}, 'marked as unsafe')),
    h('div', { class: 'tags', 'aria-hidden': 'true' }, tags(row)),
    h('label', { class: 'tick' }, h('input', {
      type: 'checkbox', tabindex: -1, checked: chosen, 'aria-label': 'Select: ' + nameOf(row), on: { click: event => on.select(event, row, index) },
    })));
  const element = h('article', {
    class: classes(row, blur, chosen), 'data-id': String(row.id), 'aria-posinset': String(index + 1), 'aria-setsize': String(total), 'aria-label': nameOf(row),
    on: { pointerenter: event => on.peek(event, row, element), pointerleave: () => on.peek(null) },
  }, frame, caption(row));
  return element;
}

const classes = (row, blur, chosen) => 'card' + (row.unsafe ? ' unsafe' : '') + (blur ? ' blur' : '') + (chosen ? ' chosen' : '');

export function label(row) {
  const facts = [nameOf(row), `${row.width} by ${row.height}`];
  if (row.score !== null && row.score !== undefined) facts.push('similarity ' + similarity(row.score));
  if (row.duplicates > 0) facts.push(`${row.duplicates} near copies folded`);
  if (row.unsafe) facts.push('marked as unsafe');
  return facts.join(', ');
}

function tags(row) {
  const list = [];
  if (row.score !== null && row.score !== undefined) list.push(h('span', { class: 'tag', title: 'Similarity to the search' }, similarity(row.score)));
  if (row.duplicates > 0) list.push(h('span', { class: 'tag' }, '+' + row.duplicates + (row.duplicates === 1 ? ' copy' : ' copies')));
  if (row.language && row.set !== 'en') list.push(h('span', { class: 'tag' }, language(row.language)));
  return list;
}

function caption(row) {
  const text = row.caption?.trim();
  return text ? h('p', { class: 'caption', dir: 'auto', 'aria-hidden': 'true' }, text.slice(0, 300)) : h('p', { class: 'caption', 'aria-hidden': 'true' }, h('span', { class: 'none' }, 'without caption'));
}

/** What stands where a picture is gone. */
export const missing = row => h('div', { class: 'gone', 'aria-hidden': 'true' }, icon(icons.picture), h('span', {}, row.domain || 'no picture'));
