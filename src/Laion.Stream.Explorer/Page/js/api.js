// Calls of the service. Every failure is an ApiError with a sentence for people.

import { preferences } from './preferences.js';

export class ApiError extends Error {
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

const keyAsked = new Set();

/** Is called, and waited for, when the service wants a key: true when there is a new one. */
export const whenKeyIsAsked = ask => keyAsked.add(ask);

/** Asks for JSON. `body` makes it a POST. */
export async function call(path, { body, signal } = {}) {
  const answer = await send(path, { body, signal });
  try {
    return await answer.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(answer.status, 'The service gave an answer that cannot be read.');
  }
}

/** Asks for a file. */
export async function download(path, body) {
  const answer = await send(path, { body });
  const name = /filename="?([^";]+)"?/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  return { blob: await answer.blob(), name };
}

/** Gives an image its picture; with a key, which images cannot send, by way of a request. */
export async function loadPicture(image, address, signal) {
  if (!preferences.key) {
    image.src = address;
    return;
  }
  try {
    const answer = await fetch(address, { headers: { 'X-API-Key': preferences.key }, signal });
    if (!answer.ok) throw new ApiError(answer.status, 'no picture');
    const url = URL.createObjectURL(await answer.blob());
    image.addEventListener('load', () => URL.revokeObjectURL(url), { once: true });
    image.src = url;
  } catch (error) {
    if (error.name !== 'AbortError') image.dispatchEvent(new Event('error'));
  }
}

async function send(path, options) {
  const answer = await once(path, options);
  if (answer.ok) return answer;
  const error = await failure(answer);
  if (answer.status === 401) {
    for (const ask of keyAsked) {
      if (await ask(error.message)) return send(path, options);
    }
  }
  throw error;
}

async function once(path, { body, signal }) {
  const headers = { Accept: 'application/json' };
  if (preferences.key) headers['X-API-Key'] = preferences.key;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(path, { method: body === undefined ? 'GET' : 'POST', headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The service does not answer. It may have been stopped.');
  }
}

async function failure(answer) {
  const wait = Number(answer.headers.get('retry-after'));
  let body = null;
  try {
    body = await answer.json();
  } catch {
    // an answer of something between the page and the service
  }
  const said = typeof body?.message === 'string' ? body.message : `The service answered with status ${answer.status}.`;
  return new ApiError(answer.status, wait > 0 ? `${said} Try again in ${wait} s.` : said, body?.field);
}
