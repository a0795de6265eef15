// The grid: as many rows as were read, and elements only for those near the window.

import { h } from './dom.js';
import { card } from './card.js';
import { CAPTION, justify, aim } from './justify.js';

export class Grid {
  #host; #options; #rows = []; #lines = []; #cards = new Map(); #width = 0; #focus = 0; #last = null; #frame = 0; #total = -1;

  /** @param options open, select, peek, near (the end is near), href(row), isChosen(id), hasPictures(), blur() */
  constructor(host, options) {
    this.#host = host;
    this.#options = options;
    new ResizeObserver(() => this.#resized()).observe(host);
    addEventListener('scroll', () => this.#soon(), { passive: true });
    host.addEventListener('focusin', event => this.#focused(event));
  }

  get rows() { return this.#rows; }
  get elements() { return this.#cards.size; }

  /** Shows other rows. */
  show(rows, total = -1) {
    for (const element of this.#cards.values()) element.remove();
    this.#cards.clear();
    this.#host.replaceChildren();
    [this.#rows, this.#lines, this.#focus, this.#last, this.#total] = [[...rows], [], 0, null, total];
    this.#width = this.#host.clientWidth;
    this.#place(0, 0);
    this.#draw();
  }

  /** Shows more rows below. A line that was not full yet is placed again. */
  append(rows, total = -1) {
    this.#total = total;
    let [start, top] = [this.#rows.length, this.#bottom];
    const last = this.#lines.at(-1);
    if (last && !last.full) {
      this.#lines.pop();
      for (let at = last.first; at < last.end; at++) this.#drop(at);
      [start, top] = [last.first, last.top];
    }
    this.#rows.push(...rows);
    this.#place(start, top);
    this.#draw();
  }

  /** Placeholders while the first rows come. */
  wait() {
    this.show([]);
    const width = this.#host.clientWidth;
    const fake = Array.from({ length: Math.ceil(width / 240) * 3 }, (_, at) => ({ width: [4, 3, 1, 16, 2][at * 7 % 5], height: [3, 4, 1, 9, 3][at * 7 % 5] }));
    const { lines, bottom } = justify(fake, width);
    for (const line of lines) {
      line.places.forEach(place => {
        const box = h('div', { class: 'skeleton' });
        Object.assign(box.style, { left: place.left + 'px', top: line.top + 'px', width: place.width + 'px', height: line.height + 'px' });
        this.#host.append(box);
      });
    }
    this.#host.style.height = bottom + 'px';
  }

  /** Draws the cards again after a choice or a preference changed. */
  refresh() {
    const blur = this.#options.blur();
    for (const [at, element] of this.#cards) {
      const chosen = this.#options.isChosen(this.#rows[at].id);
      element.classList.toggle('chosen', chosen);
      element.classList.toggle('blur', blur);
      element.querySelector('input').checked = chosen;
      element.querySelector('a').href = this.#options.href(this.#rows[at]);
    }
  }

  /** Puts the focus on a row. */
  focus(index) {
    if (index < 0 || index >= this.#rows.length) return;
    this.#focus = index;
    const line = this.#lines[this.#lineOf(index)];
    const box = this.#host.getBoundingClientRect();
    const top = box.top + line.top;
    const header = document.querySelector('.top').offsetHeight;
    if (top < header + 8) scrollBy(0, top - header - 8);
    else if (top + line.height + CAPTION > innerHeight) scrollBy(0, top + line.height + CAPTION + 8 - innerHeight);
    this.#draw();
    this.#cards.get(index)?.querySelector('a').focus({ preventScroll: true });
  }

  indexOf(id) { return this.#rows.findIndex(row => row.id === id); }

  get #bottom() {
    const last = this.#lines.at(-1);
    return last ? last.top + last.height + CAPTION + 12 : 0;
  }

  #place(start, top) {
    const { lines } = justify(this.#rows, this.#width, start, top);
    this.#lines.push(...lines);
    this.#host.style.height = this.#bottom + 'px';
  }

  #resized() {
    const width = this.#host.clientWidth;
    if (width === 0 || width === this.#width) return;
    const anchor = this.#rows.length > 0 ? this.#visible(0).first : null;
    const moved = this.#host.getBoundingClientRect().top < 0;
    this.#width = width;
    if (anchor === null) return;
    for (const at of [...this.#cards.keys()]) this.#drop(at);
    this.#lines = [];
    this.#place(0, 0);
    if (moved) scrollTo(0, this.#host.offsetTop + this.#lines[this.#lineOf(anchor)].top - document.querySelector('.top').offsetHeight);
    this.#draw();
  }

  #soon() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#draw(); });
  }

  /** The rows within the window and `margin` beyond. */
  #visible(margin) {
    const top = -this.#host.getBoundingClientRect().top;
    const from = top - margin;
    const to = top + innerHeight + margin;
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const line = this.#lines[middle];
      if (line.top + line.height + CAPTION < from) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < this.#lines.length && this.#lines[end].top < to) end++;
    return { low, end, first: this.#lines[Math.min(low, this.#lines.length - 1)]?.first ?? 0 };
  }

  #draw() {
    if (this.#lines.length === 0 || this.#width === 0) return;
    const { low, end } = this.#visible(innerHeight);
    const wanted = new Set();
    for (let at = low; at < end; at++) {
      const line = this.#lines[at];
      for (let row = line.first; row < line.end; row++) wanted.add(row);
    }
    if (this.#focus < this.#rows.length) wanted.add(this.#focus); // the focus must not vanish under a person's keys
    for (const at of [...this.#cards.keys()]) if (!wanted.has(at)) this.#drop(at);
    for (const at of [...wanted].sort((a, b) => a - b)) if (!this.#cards.has(at)) this.#add(at);
    this.#tabStop();
    if (this.#bottom + this.#host.getBoundingClientRect().top < innerHeight * 2.5) this.#options.near();
  }

  #add(at) {
    const line = this.#lines[this.#lineOf(at)];
    const place = line.places[at - line.first];
    const row = this.#rows[at];
    const element = card(row, at, {
      size: Math.max(line.height, place.width / 1.5), total: this.#total, href: this.#options.href(row), blur: this.#options.blur(), chosen: this.#options.isChosen(row.id),
      hasPictures: this.#options.hasPictures(),
      on: {
        open: this.#options.open, peek: this.#options.peek,
        select: (event, one, index) => this.#select(event, one, index),
        key: (event, index) => this.#key(event, index),
      },
    });
    Object.assign(element.style, { left: place.left + 'px', top: line.top + 'px', width: place.width + 'px' });
    element.querySelector('.frame').style.height = line.height + 'px';
    const next = [...this.#cards.keys()].filter(one => one > at).sort((a, b) => a - b)[0];
    this.#host.insertBefore(element, next === undefined ? null : this.#cards.get(next)); // in the order of rows, for screen readers
    this.#cards.set(at, element);
  }

  #drop(at) {
    this.#cards.get(at)?.remove();
    this.#cards.delete(at);
  }

  #lineOf(index) {
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle].end <= index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** One card is reached by Tab, the others from it by arrows. */
  #tabStop() {
    const stop = this.#cards.has(this.#focus) ? this.#focus : this.#visible(0).first;
    for (const [at, element] of this.#cards) {
      element.querySelector('a').tabIndex = at === stop ? 0 : -1;
      element.querySelector('input').tabIndex = at === stop ? 0 : -1;
    }
  }

  #focused(event) {
    const id = event.target.closest('.card')?.dataset.id;
    const at = id === undefined ? -1 : this.indexOf(Number(id));
    if (at < 0) return;
    this.#focus = at;
    this.#tabStop();
  }

  #select(event, row, index) {
    const chosen = event.target.checked;
    const range = event.shiftKey && this.#last !== null ? this.#rows.slice(Math.min(this.#last, index), Math.max(this.#last, index) + 1) : [row];
    this.#last = index;
    this.#options.select(range, chosen);
  }

  #key(event, index) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = this.#target(event.key, index);
    if (to !== null) {
      event.preventDefault();
      this.focus(Math.min(this.#rows.length - 1, Math.max(0, to)));
    } else if (event.key === ' ' || event.key === 'x') {
      event.preventDefault();
      this.#last = index;
      this.#options.select([this.#rows[index]], !this.#options.isChosen(this.#rows[index].id));
    }
  }

  #target(key, index) {
    const line = this.#lineOf(index);
    switch (key) {
      case 'ArrowRight': return index + 1;
      case 'ArrowLeft': return index - 1;
      case 'ArrowDown': return this.#across(line, line + 1, index);
      case 'ArrowUp': return this.#across(line, line - 1, index);
      case 'PageDown': return this.#across(line, Math.min(this.#lines.length - 1, line + Math.max(1, Math.floor(innerHeight / (aim(this.#width) + CAPTION)))), index);
      case 'PageUp': return this.#across(line, Math.max(0, line - Math.max(1, Math.floor(innerHeight / (aim(this.#width) + CAPTION)))), index);
      case 'Home': return 0;
      case 'End': return this.#rows.length - 1;
      default: return null;
    }
  }

  /** The row of another line that is nearest by its middle. */
  #across(from, to, index) {
    if (to < 0 || to >= this.#lines.length) return index;
    const here = this.#lines[from].places[index - this.#lines[from].first];
    const middle = here.left + here.width / 2;
    const places = this.#lines[to].places;
    let best = 0;
    for (let at = 1; at < places.length; at++) {
      if (Math.abs(places[at].left + places[at].width / 2 - middle) < Math.abs(places[best].left + places[best].width / 2 - middle)) best = at;
    }
    return this.#lines[to].first + best;
  }
}
