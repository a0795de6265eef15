// Says things to people: by a message that goes away, and to screen readers.

import { $ } from './dom.js';

let hide = 0;

export function toast(text) {
  const box = $('toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => { box.hidden = true; }, 6000);
}

export function say(text) {
  $('say').textContent = text;
}
