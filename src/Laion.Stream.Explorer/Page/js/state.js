// What the page shows, kept in its address: the back button works, and a link shows others the same.

const TERM = /^(?:(-?\d+(?:\.\d+)?)\*)?(text|url|row|picture):([\s\S]*)$/;
const LISTS = { folder: 'folders', set: 'sets', lang: 'languages', licence: 'licences', domain: 'domains' };
const RANGES = ['width', 'height', 'aspect'];
const TABS = ['explore', 'map', 'dataset', 'run'];
const AT = /^(-?\d+(?:\.\d+)?)_(-?\d+(?:\.\d+)?)_(\d+(?:\.\d+)?)$/;

export function parse(search) {
  const from = new URLSearchParams(search);
  const list = name => [...new Set(from.getAll(name).filter(value => value !== ''))];
  const filter = { folders: list('folder'), sets: list('set'), languages: list('lang'), licences: list('licence'), domains: list('domain'), scores: {} };
  for (const name of RANGES) filter[name] = range(from.get(name));
  filter.date = dates(from.get('date'));
  filter.text = from.get('has') || null;
  for (const [name, value] of from) {
    if (name.startsWith('s.') && range(value)) filter.scores[name.slice(2)] = range(value);
  }
  const row = Number(from.get('row'));
  return {
    tab: TABS.includes(from.get('tab')) ? from.get('tab') : 'explore',
    terms: from.getAll('q').map(term).filter(one => one !== null),
    index: from.get('index') || null,
    filter,
    distinct: from.get('distinct') !== '0',
    map: /^(image|text)@/.test(from.get('map') ?? '') ? [from.get('map').slice(0, from.get('map').indexOf('@')), from.get('map').slice(from.get('map').indexOf('@') + 1)] : null,
    colour: from.get('colour') || null,
    at: where(from.get('at')),
    row: from.has('row') && Number.isSafeInteger(row) && row >= 0 ? row : null,
  };
}

export function format(state) {
  const to = new URLSearchParams();
  if (state.tab !== 'explore') to.set('tab', state.tab);
  for (const one of state.terms) to.append('q', (one.weight === 1 ? '' : one.weight + '*') + one.kind + ':' + one.value);
  if (state.index && state.index !== 'image') to.set('index', state.index);
  for (const [short, long] of Object.entries(LISTS)) for (const value of state.filter[long]) to.append(short, value);
  for (const name of RANGES) if (state.filter[name]) to.set(name, ends(state.filter[name]));
  if (state.filter.date) to.set('date', `${state.filter.date.from ?? ''}..${state.filter.date.to ?? ''}`);
  if (state.filter.text) to.set('has', state.filter.text);
  for (const [name, value] of Object.entries(state.filter.scores)) to.set('s.' + name, ends(value));
  if (!state.distinct) to.set('distinct', '0');
  if (state.tab === 'map') {
    if (state.map) to.set('map', state.map.join('@'));
    if (state.colour) to.set('colour', state.colour);
    if (state.at && (state.at.x !== .5 || state.at.y !== .5 || state.at.zoom !== 1)) to.set('at', [state.at.x.toFixed(4), state.at.y.toFixed(4), state.at.zoom.toFixed(2)].join('_'));
  }
  if (state.row !== null) to.set('row', state.row);
  const text = to.toString();
  return text ? '/?' + text : '/';
}

export const noFilter = () => ({ folders: [], sets: [], languages: [], licences: [], domains: [], width: null, height: null, aspect: null, date: null, scores: {}, text: null });

/** The filter as the service reads it: only what is set. */
export function filterBody(filter) {
  const body = {};
  for (const name of Object.values(LISTS)) if (filter[name].length > 0) body[name] = filter[name];
  for (const name of [...RANGES, 'date', 'text']) if (filter[name]) body[name] = filter[name];
  if (Object.keys(filter.scores).length > 0) body.scores = filter.scores;
  return body;
}

/** Each condition of a filter: its words, and the filter without it. */
export function conditions(filter) {
  const all = [];
  for (const name of Object.values(LISTS)) {
    for (const value of filter[name]) all.push({ name, value, without: { ...filter, [name]: filter[name].filter(one => one !== value) } });
  }
  for (const name of [...RANGES, 'date', 'text']) if (filter[name]) all.push({ name, value: filter[name], without: { ...filter, [name]: null } });
  for (const name of Object.keys(filter.scores)) {
    const { [name]: gone, ...others } = filter.scores;
    all.push({ name, value: gone, without: { ...filter, scores: others } });
  }
  return all;
}

const listeners = [];
let current = parse(location.search);

export const state = () => current;
export const listen = listener => listeners.push(listener);

/** Shows something else. `replace` keeps the number of steps back, for what changes many times a second. */
export function navigate(change, { replace = false } = {}) {
  const before = current;
  current = { ...current, ...change };
  const address = format(current);
  if (address !== location.pathname + location.search) history[replace ? 'replaceState' : 'pushState'](null, '', address);
  for (const listener of listeners) listener(current, before);
}

addEventListener('popstate', () => {
  const before = current;
  current = parse(location.search);
  for (const listener of listeners) listener(current, before);
});

function term(text) {
  const parts = TERM.exec(text);
  if (!parts || parts[3] === '') return null;
  const weight = parts[1] === undefined ? 1 : Number(parts[1]);
  return Number.isFinite(weight) && weight !== 0 ? { kind: parts[2], value: parts[3], weight } : null;
}

/** Where on the map, and how close. */
function where(text) {
  const parts = AT.exec(text ?? '');
  return parts && Number(parts[3]) > 0 ? { x: Number(parts[1]), y: Number(parts[2]), zoom: Number(parts[3]) } : null;
}

function range(text) {
  const parts = /^(-?\d+(?:\.\d+)?(?:e-?\d+)?)?\.\.(-?\d+(?:\.\d+)?(?:e-?\d+)?)?$/.exec(text ?? '');
  if (!parts || (parts[1] === undefined && parts[2] === undefined)) return null;
  const value = {};
  if (parts[1] !== undefined) value.min = Number(parts[1]);
  if (parts[2] !== undefined) value.max = Number(parts[2]);
  return Object.values(value).every(Number.isFinite) ? value : null;
}

function dates(text) {
  const parts = /^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/.exec(text ?? '');
  if (!parts || (!parts[1] && !parts[2])) return null;
  return { ...(parts[1] && { from: parts[1] }), ...(parts[2] && { to: parts[2] }) };
}

const ends = value => `${value.min ?? ''}..${value.max ?? ''}`;
