// Justified lines: pictures of one line have one height and fill the width. Pure arithmetic from the sizes that rows carry, so that nothing moves when pictures come.

export const CAPTION = 36;
const GAP = 12;
const LOWEST = 0.62;
const WIDEST = 2.6;

/** How wide a row's picture is shown for its height. Very long ones are cut to what a line can hold. */
export function aspect(row) {
  const ratio = row.width > 0 && row.height > 0 ? row.width / row.height : 1;
  return Math.min(WIDEST, Math.max(LOWEST, ratio));
}

/** The height that lines aim at. */
export const aim = width => width < 520 ? 150 : width < 1100 ? 190 : 220;

/**
 * Places the rows from `start` on, below `top`. Each place is {left, top, width, height} of the picture; the caption follows below it.
 * The last line keeps the height that lines aim at unless it is full.
 */
export function justify(rows, width, start = 0, top = 0) {
  const lines = [];
  const height = aim(width);
  let first = start;
  let sum = 0;
  for (let at = start; at < rows.length; at++) {
    sum += aspect(rows[at]);
    const gaps = (at - first) * GAP;
    if (sum * height + gaps < width) continue;
    lines.push(line(rows, first, at + 1, top, Math.max(60, (width - gaps) / sum), width));
    top += lines.at(-1).height + CAPTION + GAP;
    [first, sum] = [at + 1, 0];
  }
  if (first < rows.length) {
    lines.push(line(rows, first, rows.length, top, height, null));
    top += height + CAPTION + GAP;
  }
  return { lines, bottom: top };
}

function line(rows, first, end, top, height, width) {
  const places = [];
  let left = 0;
  height = Math.round(height);
  for (let at = first; at < end; at++) {
    const last = width !== null && at === end - 1;
    const wide = last ? Math.max(40, width - left) : Math.round(aspect(rows[at]) * height);
    places.push({ left, width: wide });
    left += wide + GAP;
  }
  return { first, end, top, height, full: width !== null, places };
}
