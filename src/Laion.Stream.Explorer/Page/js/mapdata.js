// A map as the page works with it: places, what the points are coloured by, and which are within a shape.

import { MOST_KINDS, kindColour, rampColour, rgb } from './palette.js';

const bytesOf = base64 => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));

export class MapData {
  /** @param answer of the service */
  constructor(answer) {
    this.answer = answer;
    this.ids = answer.ids;
    this.x = shorts(answer.x);
    this.y = shorts(answer.y);
    this.unsafe = bytesOf(answer.unsafe);
    this.groups = answer.groups.map(group => ({ ...group, of: bytesOf(group.of) })).filter(group => group.values.length > 0);
    this.scores = answer.scores.map(score => ({ ...score, of: bytesOf(score.of) }));
    this.passes = null;
  }

  get count() { return this.ids.length; }

  /** x and y of each point behind each other. */
  pairs() {
    const pairs = new Uint16Array(this.count * 2);
    for (let at = 0; at < this.count; at++) [pairs[at * 2], pairs[at * 2 + 1]] = [this.x[at], this.y[at]];
    return pairs;
  }

  /** Shows which points a filter lets pass; null for all. */
  filter(of) { this.passes = of === null ? null : bytesOf(of); }

  isShown(at) { return this.passes === null || this.passes[at] === 1; }

  /** Names of what points can be coloured by. */
  get colourings() { return [...this.groups.map(group => group.name), ...this.scores.map(score => 's.' + score.name)]; }

  /** Colours of all points, four bytes each. */
  colours(by, isChosen) {
    const bytes = new Uint8Array(this.count * 4);
    const group = this.groups.find(one => one.name === by);
    const score = this.scores.find(one => 's.' + one.name === by);
    const table = Array.from({ length: 256 }, (_, value) => rgb(score ? value === 0 ? kindColour(MOST_KINDS) : rampColour((value - 1) / 254) : kindColour(value)));
    const of = (score ?? group)?.of;
    for (let at = 0; at < this.count; at++) {
      const colour = table[of ? of[at] : 0];
      bytes.set(colour, at * 4);
      bytes[at * 4 + 3] = this.isShown(at) ? 215 : 22;
      if (isChosen(this.ids[at])) bytes.set([...rgb(CHOSEN()), 255], at * 4);
    }
    return bytes;
  }

  /** The point nearest to a place (in 65536ths) within a distance; −1 when there is none. */
  nearest(x, y, most) {
    let best = -1;
    let least = most * most;
    for (let at = 0; at < this.count; at++) {
      const [right, up] = [this.x[at] - x, this.y[at] - y];
      const distance = right * right + up * up;
      if (distance <= least && this.isShown(at)) [best, least] = [at, distance];
    }
    return best;
  }

  /** Ids of the shown points within a shape: [[x, y], …] in 65536ths. */
  within(shape) {
    const [left, right] = [Math.min(...shape.map(one => one[0])), Math.max(...shape.map(one => one[0]))];
    const [bottom, top] = [Math.min(...shape.map(one => one[1])), Math.max(...shape.map(one => one[1]))];
    const found = [];
    for (let at = 0; at < this.count; at++) {
      const [x, y] = [this.x[at], this.y[at]];
      if (x < left || x > right || y < bottom || y > top || !this.isShown(at)) continue;
      let isIn = false;
      for (let one = 0, other = shape.length - 1; one < shape.length; other = one++) {
        const [[x1, y1], [x2, y2]] = [shape[one], shape[other]];
        if ((y1 > y) !== (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) isIn = !isIn;
      }
      if (isIn) found.push(this.ids[at]);
    }
    return found;
  }

  /** A square around a place, as a shape. */
  static square(x, y, half) { return [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]]; }
}

const CHOSEN = () => matchMedia('(prefers-color-scheme: dark)').matches ? '#ffffff' : '#000000';

function shorts(base64) {
  const bytes = bytesOf(base64);
  return new Uint16Array(bytes.buffer, 0, bytes.length / 2);
}
