// A histogram with two thumbs: the range that rows may have, and how many rows have it.

import { h, svg } from './dom.js';
import { count, percent } from './format.js';

const STEPS = 1000;

/** A number as it may be typed. Beside a range a thousand times wider it is nothing, and very small ones are short with their exponent. */
const plain = (value, span = 0) => {
  if (Math.abs(value) < span / 1000) return '0';
  const short = Number(value.toPrecision(4));
  return short !== 0 && Math.abs(short) < 1e-3 ? value.toExponential(1) : String(short);
};

/** Bars of counts, each from the left edge `at` on, in a drawing of 64 by 32. */
function bars(counts, highest, kind) {
  const path = counts.map((value, at) => {
    const height = value === 0 ? 0 : Math.max(1, 32 * Math.sqrt(value / highest));
    return height === 0 ? '' : `M${(64 * at / counts.length).toFixed(2)} 32v-${height.toFixed(2)}h${(64 / counts.length - .15).toFixed(2)}v${height.toFixed(2)}z`;
  }).join('');
  return svg('path', { d: path, class: kind });
}

/** How many values of a histogram lie within a range; bins that it cuts count in proportion. */
export function within({ min, max, counts }, range) {
  const width = (max - min) / counts.length || 1;
  let sum = 0;
  counts.forEach((value, at) => {
    const [from, to] = [min + at * width, min + (at + 1) * width];
    const low = Math.max(from, range?.min ?? -Infinity);
    const high = Math.min(to, range?.max ?? Infinity);
    if (high > low) sum += value * (high - low) / width;
  });
  return Math.round(sum);
}

/**
 * @param options title, all (the histogram of all rows), others (that of the rows which pass every other filter), range, change(range, isLast)
 */
export function histogram({ title, name, all, others, range, change }) {
  const { min, max } = all;
  const isWhole = Number.isInteger(min) && Number.isInteger(max) && max - min > 64;
  const [toStep, toValue] = isWhole && min >= 0
    ? [value => STEPS * Math.log1p(value - min) / Math.log1p(max - min), step => Math.round(min + Math.expm1(step / STEPS * Math.log1p(max - min)))] // sizes span decades
    : [value => STEPS * (value - min) / (max - min || 1), step => Number((min + step / STEPS * (max - min)).toPrecision(4))];
  let now = range ?? {};
  const highest = Math.max(1, ...all.counts);
  const scale = isWhole && min >= 0 ? stretch(all, toStep) : all.counts;
  const real = isWhole && min >= 0 ? stretch(others, toStep) : others.counts;
  const peak = Math.max(highest && 1, ...scale);
  const clip = `clip-${name.replace(/\W/g, '-')}`;
  const window_ = svg('rect', { x: 0, y: 0, width: 64, height: 32 });
  const low = thumb('Lowest ' + title);
  const high = thumb('Highest ' + title);
  const lowText = end('Lowest ' + title);
  const highText = end('Highest ' + title);
  const survive = h('p', { class: 'survive' });

  function thumb(label) {
    return h('input', { type: 'range', min: '0', max: String(STEPS), step: '1', 'aria-label': label, on: { input: event => slide(event.target, false), change: event => slide(event.target, true) } });
  }

  function end(label) {
    return h('input', { class: 'field', type: 'text', inputmode: 'decimal', 'aria-label': label + ', as a number', on: { change: () => type() } });
  }

  function slide(moved, isLast) {
    if (Number(low.value) > Number(high.value)) moved.value = moved === low ? high.value : low.value; // thumbs do not pass each other
    const step = Number(moved.value);
    const { min: from, max: to } = now; // the other end stays as it was, which may lie between two steps
    now = moved === low
      ? { ...(step > 0 && { min: toValue(step) }), ...(to !== undefined && { max: to }) }
      : { ...(from !== undefined && { min: from }), ...(step < STEPS && { max: toValue(step) }) };
    show(false);
    change(Object.keys(now).length > 0 ? now : null, isLast);
  }

  function type() {
    const read = field => field.value.trim() === '' ? NaN : Number(field.value.replace(/,/g, ''));
    const [from, to] = [read(lowText), read(highText)];
    now = { ...(Number.isFinite(from) && from > min && { min: from }), ...(Number.isFinite(to) && to < max && { max: to }) };
    show(true);
    change(Object.keys(now).length > 0 ? now : null, true);
  }

  function show(moveThumbs) {
    if (moveThumbs) {
      low.value = Math.round(toStep(Math.min(max, Math.max(min, now.min ?? min))));
      high.value = Math.round(toStep(Math.max(min, Math.min(max, now.max ?? max))));
    }
    lowText.value = now.min === undefined ? plain(min, max - min) : plain(now.min);
    highText.value = plain(now.max ?? max);
    low.setAttribute('aria-valuetext', lowText.value);
    high.setAttribute('aria-valuetext', highText.value);
    const [left, right] = [64 * low.value / STEPS, 64 * high.value / STEPS];
    window_.setAttribute('x', left);
    window_.setAttribute('width', Math.max(0, right - left));
    const total = others.counts.reduce((sum, value) => sum + value, 0);
    const left_ = within(others, now);
    survive.replaceChildren(...(Object.keys(now).length === 0
      ? [h('b', {}, count(total)), ` ${total === 1 ? 'row has' : 'rows have'} it`]
      : ['about ', h('b', {}, count(left_)), ` of ${count(total)} rows survive (${percent(left_, total)})`]));
  }

  const drawing = svg('svg', { class: 'bars', viewBox: '0 0 64 32', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('clipPath', { id: clip }, window_), bars(scale, peak, 'ghost'), bars(real, peak, 'real'),
    svg('g', { 'clip-path': `url(#${clip})` }, bars(real, peak, 'in')));
  show(true);
  return h('fieldset', { class: 'group histogram', 'data-score': name }, h('legend', {}, title), drawing,
    h('div', { class: 'thumbs' }, low, high),
    h('div', { class: 'range-ends' }, lowText, h('span', { class: 'soft', 'aria-hidden': 'true' }, 'to'), highText), survive);
}

/** Counts by step of a slider that is not linear. */
function stretch({ min, max, counts }, toStep) {
  const stretched = new Array(64).fill(0);
  const width = (max - min) / counts.length || 1;
  counts.forEach((value, at) => {
    const first = Math.min(63, Math.floor(64 * toStep(min + at * width) / STEPS));
    const last = Math.min(63, Math.max(first, Math.ceil(64 * toStep(min + (at + 1) * width) / STEPS) - 1));
    for (let to = first; to <= last; to++) stretched[to] += value / (last - first + 1);
  });
  return stretched;
}
