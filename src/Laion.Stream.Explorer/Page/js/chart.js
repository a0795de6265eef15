// Small drawings: bars beside names, bars over a range, lines over time.

import { h, svg } from './dom.js';
import { count, number, percent } from './format.js';

/** Names with counts as bars: [{name, value}], longest first as they come. */
export function namedBars(items, { most = 12, whole = null } = {}) {
  const highest = Math.max(1, ...items.map(item => item.value));
  const all = whole ?? items.reduce((sum, item) => sum + item.value, 0);
  return h('ul', { class: 'hbars' }, items.slice(0, most).map(item => h('li', { class: 'hbar' },
    h('span', { class: 'name', dir: 'auto', title: item.name }, item.name), h('span', { class: 'n' }, `${count(item.value)} · ${percent(item.value, all)}`), track([['kept', item.value / highest]]))),
  items.length > most && h('li', { class: 'soft small' }, `and ${count(items.length - most)} more`));
}

/** A bar of parts: [[class, share], …] from left to right. */
export function track(parts) {
  let x = 0;
  return svg('svg', { class: 'track', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, parts.map(([kind, share]) => {
    const width = Math.max(share > 0 ? .4 : 0, 100 * share);
    const part = svg('rect', { class: kind, x: x.toFixed(2), y: 0, width: width.toFixed(2), height: 4 });
    x += width;
    return part;
  }));
}

/** Counts over a range, one colour for each series: [{name, counts}]; `marks` are lines across it: [{at, name}]. */
export function countsOverRange(series, { min, max, label, marks = [] }) {
  const [width, height] = [640, 180];
  const highest = Math.max(1, ...series.flatMap(one => one.counts));
  const drawn = series.map((one, kind) => {
    const step = width / one.counts.length;
    const share = step / series.length;
    return svg('path', {
      class: 'bar' + kind % 3,
      d: one.counts.map((value, at) => value === 0 ? '' : `M${(at * step + kind * share).toFixed(1)} ${height}v${(-height * value / highest).toFixed(1)}h${Math.max(.5, share - .6).toFixed(1)}V${height}z`).join(''),
    });
  });
  const ticks = Array.from({ length: 6 }, (_, at) => h('span', {}, number(Number((min + (max - min) * at / 5).toPrecision(3)))));
  const shown = marks.filter(({ at }) => at >= min && at <= max);
  const lines = svg('path', { class: 'limit', d: shown.map(({ at }) => `M${(width * (at - min) / (max - min)).toFixed(1)} 0v${height}`).join('') });
  const named = label + shown.map(({ name }) => `; threshold ${name}`).join('');
  return h('figure', {}, svg('svg', { class: 'plot', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': named }, svg('path', { class: 'axis', d: `M0 ${height}h${width}` }), drawn, shown.length > 0 && lines),
    h('div', { class: 'ticks', 'aria-hidden': 'true' }, ticks),
    (series.length > 1 || shown.length > 0) && h('figcaption', { class: 'legend' }, shown.map(({ name }) => h('span', {}, svg('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true', class: 'mark' }, svg('path', { class: 'limit', d: 'M5 0v10' })), 'threshold ' + name)), series.length > 1 && series.map((one, kind) => h('span', {}, svg('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true', class: 'mark' }, svg('rect', { class: 'bar' + kind % 3, width: 10, height: 10, rx: 2 })), one.name))));
}

/** A value over time: [[time in ms, value]]. */
export function overTime(points, { label, format = number }) {
  const [width, height] = [640, 120];
  if (points.length < 2) return h('p', { class: 'soft small' }, 'There are not enough points yet.');
  const [from, to] = [points[0][0], points.at(-1)[0]];
  const highest = Math.max(...points.map(point => point[1])) || 1;
  const place = ([time, value]) => `${(width * (time - from) / (to - from || 1)).toFixed(1)} ${(height - height * value / highest).toFixed(1)}`;
  const line = points.map(place).join('L');
  const clock = time => new Date(time).toLocaleString(undefined, to - from > 86400000 ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' });
  return h('figure', {}, h('div', { class: 'peak soft', 'aria-hidden': 'true' }, format(highest)),
    svg('svg', { class: 'plot low', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${label}: at most ${format(highest)}, last ${format(points.at(-1)[1])}` },
      svg('path', { class: 'area', d: `M0 ${height}L${line}L${width} ${height}z` }), svg('path', { class: 'axis', d: `M0 ${height}h${width}M0 0h${width}` }), svg('path', { class: 'stroke', d: 'M' + line })),
    h('div', { class: 'ticks', 'aria-hidden': 'true' }, h('span', {}, clock(from)), h('span', {}, clock(to))));
}
