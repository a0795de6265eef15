// Colours of points: told apart by people who see colours differently, on light and on dark ground (after Paul Tol; a ramp of even lightness for scores).

const KINDS = { light: ['#4477aa', '#d1495b', '#228833', '#a8841a', '#1f9bb8', '#aa3377', '#6b5b95'], dark: ['#7aa6d8', '#f28e8e', '#5fbf6b', '#d9c559', '#66ccee', '#d884b8', '#b3a5e6'] };
const OTHERS = { light: '#a39d93', dark: '#6b6760' };
const RAMPS = { light: ['#b9cfe0', '#6fa8c4', '#2a788e', '#3b528b', '#440154'], dark: ['#414a78', '#2f7d8f', '#35b779', '#a5db36', '#fde725'] };

export const MOST_KINDS = KINDS.light.length;

const scheme = () => matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';

/** The colour of the kind at a place of a list; of others for any place beyond. */
export const kindColour = place => KINDS[scheme()][place] ?? OTHERS[scheme()];

/** The colour of a share from 0 to 1. */
export function rampColour(share) {
  const ramp = RAMPS[scheme()].map(rgb);
  const at = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const from = Math.min(ramp.length - 2, Math.floor(at));
  return '#' + ramp[from].map((one, channel) => Math.round(one + (ramp[from + 1][channel] - one) * (at - from)).toString(16).padStart(2, '0')).join('');
}

export const rgb = colour => [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16));

/** Calls when the ground turns light or dark. */
export const whenSchemeTurns = turned => matchMedia('(prefers-color-scheme: dark)').addEventListener('change', turned);
