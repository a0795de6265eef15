// The search box and the parts of a search: words, pictures, addresses and rows, each wanted (+) or not wanted (−), with a weight.

import { $, h, icon, icons } from './dom.js';
import { keepPicture, picture } from './preferences.js';
import { navigate, state } from './state.js';
import { toast } from './announce.js';

const LONGEST = 640; // pixels of the longer side of a picture that is sent: models see at most 448
const ADDRESS = /^https?:\/\/\S+$/i;
let info = null;
let mode = 'replace';

export function startQuery(about) {
  info = about;
  const box = $('q');
  $('search').addEventListener('submit', event => { event.preventDefault(); submit(mode); });
  box.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.altKey) {
      event.preventDefault();
      submit(event.shiftKey ? 'minus' : 'plus');
    }
  });
  box.addEventListener('blur', () => { if (!box.value) setMode('replace'); });
  box.addEventListener('paste', event => { if (fileOf(event.clipboardData)) { event.preventDefault(); take(fileOf(event.clipboardData)); } });
  addEventListener('paste', event => {
    if (event.defaultPrevented || event.target === box) return;
    const text = event.clipboardData?.getData('text/plain').trim() ?? '';
    if (fileOf(event.clipboardData)) take(fileOf(event.clipboardData));
    else if (ADDRESS.test(text) && !event.target.closest?.('input, textarea, dialog')) begin(text);
  });
  $('pick').addEventListener('click', () => $('picture-file').click());
  $('picture-file').addEventListener('change', event => { take(event.target.files[0]); event.target.value = ''; });
  startDrop();
}

/** Shows the parts of the search. */
export function showQuery(now) {
  const plain = onlyWords(now.terms);
  if (document.activeElement !== $('q') || plain !== null || now.terms.length === 0) $('q').value = plain ?? '';
  const host = $('terms');
  host.hidden = now.terms.length === 0;
  host.replaceChildren(...(plain === null ? now.terms.map(chip) : []), ...(now.terms.length > 0 ? tools() : []));
}

/** The search as the service reads it; null where a picture is not on this machine. */
export function queryBody(terms) {
  const body = [];
  for (const { kind, value, weight } of terms) {
    if (kind === 'picture') {
      const base64 = picture(value);
      if (base64 === null) return null;
      body.push({ picture: base64, weight });
    } else {
      body.push({ [kind]: kind === 'row' ? Number(value) : value, weight });
    }
  }
  return body;
}

/** Adds a part to the search, or begins a new one with it. */
export function addTerm(kind, value, how = 'plus') {
  const part = { kind, value: String(value), weight: how === 'minus' ? -1 : 1 };
  const others = how === 'replace' ? [] : state().terms.filter(one => one.kind !== kind || one.value !== part.value);
  navigate({ tab: 'explore', terms: [...others, part], row: null });
}

function submit(how) {
  const text = $('q').value.trim();
  setMode('replace');
  if (text === '') {
    if (how === 'replace') navigate({ tab: 'explore', terms: [], row: null });
    return;
  }
  if (ADDRESS.test(text)) {
    if (info.canEmbedPicture && info.canFetch !== false) addTerm('url', text, how);
    else toast('This service does not fetch pictures by their address.');
  } else if (info.canEmbedText) {
    addTerm('text', text, how);
  } else {
    navigate({ tab: 'explore', terms: how === 'replace' ? [] : state().terms, filter: { ...state().filter, text }, row: null });
    toast('This service has no model for text: the captions that contain these words are shown.');
  }
  if (how !== 'replace') $('q').value = onlyWords(state().terms) ?? '';
}

/** A new search by what was pasted or dropped. */
function begin(text) {
  $('q').value = text;
  submit('replace');
}

const onlyWords = terms => terms.length === 1 && terms[0].kind === 'text' && terms[0].weight === 1 ? terms[0].value : null;

function setMode(to) {
  mode = to;
  $('q').placeholder = to === 'plus' ? 'Words to add…' : to === 'minus' ? 'Words to exclude…' : 'Words, a picture or its address';
}

function tools() {
  const begin = how => () => {
    const text = $('q').value.trim();
    if (text && text !== onlyWords(state().terms)) {
      submit(how);
      return;
    }
    $('q').value = '';
    setMode(how);
    $('q').focus();
  };
  return [
    h('button', { type: 'button', class: 'button', id: 'term-add', title: 'Alt + Enter', on: { click: begin('plus') } }, '+ Add'),
    h('button', { type: 'button', class: 'button', id: 'term-exclude', title: 'Alt + Shift + Enter', on: { click: begin('minus') } }, '− Exclude'),
    h('button', { type: 'button', class: 'button quiet', id: 'term-clear', on: { click: () => { $('q').value = ''; navigate({ terms: [] }); $('q').focus(); } } }, 'Clear search'),
  ];
}

function chip(term, at) {
  const change = weight => navigate({ terms: state().terms.map((one, index) => index === at ? { ...one, weight } : one) });
  const name = nameOf(term);
  const isMinus = term.weight < 0;
  return h('div', { class: 'term' + (isMinus ? ' minus' : ''), role: 'group', 'aria-label': `${isMinus ? 'Without' : 'With'} ${name}` },
    h('button', { type: 'button', class: 'sign', 'aria-label': isMinus ? `Excluded: want ${name}` : `Wanted: exclude ${name}`, on: { click: () => change(-term.weight) } }, isMinus ? '−' : '+'),
    preview(term),
    h('span', { class: 'value', dir: 'auto', title: name }, name),
    h('input', {
      class: 'weight', type: 'number', min: '0.1', max: '10', step: '0.1', value: String(Math.abs(term.weight)), 'aria-label': 'Weight of ' + name,
      on: { change: event => { const weight = Number(event.target.value); if (weight > 0 && weight <= 10) change(isMinus ? -weight : weight); else event.target.value = Math.abs(term.weight); } },
    }),
    h('button', { type: 'button', class: 'icon', 'aria-label': 'Remove ' + name, on: { click: () => navigate({ terms: state().terms.filter((_, index) => index !== at) }) } }, icon(icons.close)));
}

function nameOf({ kind, value }) {
  switch (kind) {
    case 'row': return 'like row ' + value;
    case 'picture': return picture(value) === null ? 'a picture of another machine' : 'your picture';
    case 'url': return value.replace(/^https?:\/\//, '');
    default: return value;
  }
}

function preview({ kind, value }) {
  if (kind === 'picture' && picture(value) !== null) return h('img', { alt: '', src: 'data:image/jpeg;base64,' + picture(value) });
  return null;
}

const fileOf = data => [...data?.files ?? []].find(file => file.type.startsWith('image/')) ?? null;

async function take(file) {
  if (!file) return;
  if (!info.canEmbedPicture) {
    toast('This service has no model for pictures.');
    return;
  }
  try {
    addTerm('picture', keepPicture(await shrink(file)), mode);
    setMode('replace');
  } catch {
    toast('This file is not a picture that the browser can read.');
  }
}

/** The picture as a JPEG of a size that models see whole. */
async function shrink(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = h('canvas', { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.toDataURL('image/jpeg', .92).split(',')[1];
}

function startDrop() {
  let depth = 0;
  const takes = event => [...event.dataTransfer?.types ?? []].some(type => type === 'Files' || type === 'text/uri-list');
  const show = visible => { $('drop').hidden = !visible; };
  addEventListener('dragenter', event => { if (takes(event)) { depth++; show(true); } });
  addEventListener('dragleave', () => { depth = Math.max(0, depth - 1); if (depth === 0) show(false); });
  addEventListener('dragover', event => { if (takes(event)) event.preventDefault(); });
  addEventListener('drop', event => {
    depth = 0;
    show(false);
    if (!takes(event)) return;
    event.preventDefault();
    const address = event.dataTransfer.getData('text/uri-list').split('\n')[0].trim();
    if (fileOf(event.dataTransfer)) take(fileOf(event.dataTransfer));
    else if (ADDRESS.test(address)) begin(address);
    else toast('Only pictures and their addresses can be dropped here.');
  });
}
