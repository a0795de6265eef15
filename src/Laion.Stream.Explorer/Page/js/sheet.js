// What the views of the dataset and of the run share.

import { h, icon, icons } from './dom.js';
import { words, number } from './format.js';

export const panel = (title, ...children) => h('section', { class: 'panel' }, h('h2', {}, title), ...children);
export const widePanel = (title, ...children) => h('section', { class: 'panel wide' }, h('h2', {}, title), ...children);

export const figures = list => h('dl', { class: 'figures' }, list.filter(one => one).map(([name, value]) => h('div', { class: 'figure' }, h('dt', {}, name), h('dd', {}, value))));

export const head = (id, title, beside) => h('div', { class: 'sheet-head' }, h('h1', { id }, title), beside);

export const nothing = (title, text, retry) => h('div', { class: 'note' }, icon(icons.none), h('h2', {}, title), h('p', {}, text),
  retry && h('div', { class: 'actions' }, h('button', { type: 'button', class: 'button primary', on: { click: retry } }, 'Try again')));

/** Counts as [{name, value}]: facets come as a list of {value, count}, sets as an object. */
export function counts(from) {
  if (Array.isArray(from)) return from.map(one => ({ name: one.value, value: one.count }));
  return Object.entries(from ?? {}).map(([name, value]) => ({ name, value })).sort((a, b) => b.value - a.value);
}

/** A table of names and values. */
export function pairs(rows) {
  return h('table', { class: 'table' }, h('tbody', {}, rows.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, words(name)), h('td', { class: 'num' }, typeof value === 'number' ? number(value) : value)))));
}
