// Rows as a file, and the command that gives the same.

import { $, h, icon, icons } from './dom.js';
import { call, download } from './api.js';
import { copy } from './detail.js';
import { selection } from './selection.js';
import { plural } from './format.js';
import { toast } from './announce.js';

const FORMATS = [['parquet', 'Parquet', 'all columns, for programs'], ['csv', 'CSV', 'for spreadsheets'], ['jsonl', 'JSON lines', 'one row a line'], ['urls', 'URL list', 'addresses and captions, for img2dataset']];
const ENDINGS = { parquet: 'parquet', csv: 'csv', jsonl: 'jsonl', urls: 'txt' };
let request = null;

/** Offers the selected rows, or those of a search. */
export function openExport(search) {
  const box = $('export');
  const what = h('div', { class: 'choices' });
  if (selection.size > 0) what.append(choice('what', 'selection', `The selection: ${plural(selection.size, 'row')}`, true, command));
  if (search) what.append(choice('what', 'search', 'What this search and its filters give', selection.size === 0, command));
  const most = h('input', { class: 'field', type: 'number', id: 'export-most', min: '1', max: '100000', value: '1000', on: { change: command } });
  const mostLine = h('label', { class: 'small', for: 'export-most' }, 'At most, rows (up to 100,000)');
  what.append(h('div', { id: 'export-limit' }, mostLine, most));
  const text = h('pre', { id: 'export-command', tabindex: 0, 'aria-label': 'The command' }, '…');
  const failure = h('p', { class: 'small', role: 'alert', id: 'export-failure' });
  const go = h('button', { type: 'button', class: 'button primary', id: 'export-go', on: { click: save } }, 'Download');

  function body() {
    const kind = box.querySelector('[name=what]:checked')?.value;
    const format = box.querySelector('[name=format]:checked').value;
    $('export-limit').hidden = kind !== 'search';
    const limit = Math.min(100000, Math.max(1, Math.floor(Number(most.value)) || 1000));
    return kind === 'search' ? { ...search, limit, format } : { ids: selection.ids, format };
  }

  async function command() {
    request?.abort();
    const { signal } = request = new AbortController();
    try {
      const asked = body();
      const isFilter = asked.query?.length === 0; // a condition, which needs neither a limit nor names of rows
      if (isFilter) delete asked.limit;
      $('export-same').textContent = isFilter ? 'All rows that pass, by command' : 'The same by command';
      text.textContent = (await call('/api/v1/export/command', { body: asked, signal })).command;
      failure.textContent = '';
    } catch (error) {
      if (error.name !== 'AbortError') text.textContent = '# ' + error.message;
    }
  }

  async function save() {
    go.disabled = true;
    go.textContent = 'Writing…';
    failure.textContent = '';
    try {
      const asked = body();
      const { blob, name } = await download('/api/v1/export', asked);
      const url = URL.createObjectURL(blob);
      h('a', { href: url, download: name ?? 'subset.' + ENDINGS[asked.format] }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
      box.close();
      toast('The file is downloaded.');
    } catch (error) {
      failure.textContent = error.message;
    } finally {
      go.disabled = false;
      go.textContent = 'Download';
    }
  }

  box.replaceChildren(
    h('div', { class: 'box-head' }, h('h2', { id: 'export-title' }, 'Export rows'), h('button', { type: 'button', class: 'icon', 'aria-label': 'Close', on: { click: () => box.close() } }, icon(icons.close))),
    h('fieldset', {}, h('legend', {}, 'Which rows'), what),
    h('fieldset', {}, h('legend', {}, 'As'), h('div', { class: 'choices' }, FORMATS.map(([value, name, use], at) => choice('format', value, [name, h('span', { class: 'soft' }, use)], at === 0, command)))),
    h('h3', { id: 'export-same' }, 'The same by command'),
    h('div', { class: 'command' }, text, h('button', { type: 'button', class: 'button', id: 'export-copy', on: { click: () => copy(text.textContent, 'The command is copied.') } }, 'Copy')),
    failure, h('div', { class: 'ends' }, h('button', { type: 'button', class: 'button', on: { click: () => box.close() } }, 'Cancel'), go));
  box.showModal();
  command();
}

const choice = (name, value, text, checked, change) => h('label', {}, h('input', { type: 'radio', name, value, checked, on: { change } }), text);
