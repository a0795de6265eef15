// Builds elements. Text only ever becomes a text node: captions and addresses are hostile, and nothing here parses markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with properties (class, on: {event: listener}, attributes) and children; null and false children are left out. */
export function h(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same for an element of a drawing. */
export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

/** A line drawing of 24 by 24. */
export function icon(path) {
  return svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: path }));
}

export const icons = {
  close: 'M6 6l12 12M18 6 6 18',
  left: 'm14.5 5-7 7 7 7',
  right: 'm9.5 5 7 7-7 7',
  picture: 'M3.5 5h17v14h-17zM4 17l5-4 3.5 2.8L16 12l4.5 4',
  none: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 21 21M8 10.5h5',
  broken: 'M12 8v5M12 16.2v.1M12 3.5 2.5 20h19z',
};

export const $ = id => document.getElementById(id);

function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'class') element.setAttribute('class', value);
    else if (key === 'on') for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (key in element && typeof value !== 'string' && !(element instanceof SVGElement)) element[key] = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** A link's target, if a browser may follow it: `javascript:` and the like are shown as text only. */
export function safeLink(text) {
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/** A link to another site: nothing of this page is told to it. */
export function outside(text, label) {
  const target = safeLink(text);
  return target ? h('a', { href: target, target: '_blank', rel: 'noopener noreferrer nofollow' }, label ?? text) : h('span', {}, label ? '' : text);
}
