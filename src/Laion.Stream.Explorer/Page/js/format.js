// Numbers, sizes and times as people read them.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = value => whole.format(value ?? 0);
export const brief = value => short.format(value ?? 0);
export const plural = (value, one, many = one + 's') => `${count(value)} ${value === 1 ? one : many}`;
export const percent = (part, all) => all > 0 ? `${(100 * part / all).toFixed(part > 0 && part < all / 100 ? 2 : 1)} %` : '–';

/** A score or a size: whole numbers as they are, others with as many digits as tell them apart. */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return whole.format(value);
  return Math.abs(value) >= 100 ? whole.format(Math.round(value)) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(Math.abs(value) >= 1 ? 2 : 3).replace(/0+$/, '').replace(/\.$/, '');
}

export const similarity = value => value === null || value === undefined ? null : value.toFixed(3);

export function bytes(value) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let at = 0;
  while (value >= 1000 && at < units.length - 1) [value, at] = [value / 1000, at + 1];
  return `${value.toFixed(at > 0 && value < 10 ? 1 : 0)} ${units[at]}`;
}

export function since(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 129600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86400).toFixed(1)} days`;
}

const known = { punsafe: 'Unsafe, probability', pwatermark: 'Watermark, probability', q16: 'Offensive (Q16)', nsfw: 'Safety', http_status: 'HTTP status' };

/** A column's or a score's name as words. */
export const words = name => {
  if (known[name]) return known[name];
  const text = name.replace(/[_.]/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const languages = (() => {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' });
  } catch {
    return null;
  }
})();

/** A licence without what all addresses of licences share; the tag `?` says that none is known. */
export const licence = name => name === '?' ? 'Not known' : name.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');

/** A language's English name; the code itself when there is none. */
export function language(code) {
  if (code === 'nolang') return 'Not identified';
  try {
    return (code && languages?.of(code)) || code;
  } catch {
    return code;
  }
}
