// What this browser remembers. Storage may be forbidden: then nothing is remembered and everything works.

const read = (store, key) => {
  try {
    return store().getItem(key);
  } catch {
    return null;
  }
};

const write = (store, key, value) => {
  try {
    if (value === null) store().removeItem(key);
    else store().setItem(key, value);
    return true;
  } catch {
    return false;
  }
};

const local = () => localStorage;
const session = () => sessionStorage;

let key = read(local, 'laion.key');

/** `blur` (safe mode), or `show`. Never part of a link: a link must not end another person's safe mode. */
let safe = read(local, 'laion.safe') === 'show' ? 'show' : 'blur';

export const preferences = {
  get safe() { return safe; },
  set safe(value) { safe = value; write(local, 'laion.safe', value); },
  get key() { return key; },
  set key(value) { key = value || null; write(local, 'laion.key', key); },
};

// Pictures to search by, small enough to keep until the tab closes. A link names one by its digest and cannot carry it.
const pictures = new Map();

export function keepPicture(base64) {
  let digest = 0xcbf29ce484222325n;
  for (let at = 0; at < base64.length; at += 1 + (base64.length >> 12)) digest = BigInt.asUintN(64, (digest ^ BigInt(base64.charCodeAt(at))) * 0x100000001b3n);
  const name = digest.toString(36) + base64.length.toString(36);
  pictures.set(name, base64);
  write(session, 'laion.picture.' + name, base64);
  return name;
}

export function picture(name) {
  if (!pictures.has(name)) {
    const kept = read(session, 'laion.picture.' + name);
    if (kept === null) return null;
    pictures.set(name, kept);
  }
  return pictures.get(name);
}
