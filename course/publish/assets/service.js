// @ts-check
// Talking to the service that keeps answers. Everything here may fail: a page is whole without it.

/**
 * @typedef {{id: string, title: string, url: string, complete: boolean, answered: number, total: number,
 *   score: number | null}} Standing
 * @typedef {{title: string, done: number, total: number, lessons: Standing[]}} ModuleStanding
 * @typedef {{learner: {guest: boolean, mail: string | null} | null, modules: ModuleStanding[],
 *   next: {title: string, url: string, label: string} | null,
 *   new_since_finished: {title: string, url: string}[]}} Progress
 */

/** The path under which the course is served, with a slash at its end. */
export const base = document.querySelector('meta[name="course-base"]')?.getAttribute("content") ?? "/";

/**
 * Ask the service; rejects only where there is no connection.
 * @param {string} path below api/v1/
 * @param {unknown} [body] makes it a POST
 */
export async function call(path, body) {
  const response = await fetch(`${base}api/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { Accept: "application/json", ...(body !== undefined && { "Content-Type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return {
    status: response.status,
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
    data: isJson ? await response.json() : null,
  };
}

/**
 * Record something, and become a learner first where this browser is none yet. Until then nothing is kept
 * of anybody.
 * @param {string} path @param {unknown} body
 */
export async function record(path, body) {
  const known = await progress();
  if (known && !known.learner) await begin();
  const reply = await call(path, body);
  if (reply.status !== 401) return reply;
  await begin();
  return call(path, body);
}

/** One tab at a time, or each would make a learner. (Locks exist over TLS and on this machine only.) */
async function begin() {
  const session = () => call(`session?seed=${seed()}`, {});
  await (navigator.locks ? navigator.locks.request(`${base}session`, session) : session());
  forget();
}

const SEED = `${base}.seed`;
/** Where storage is switched off, the seed lasts as long as the page. */
let unstored = "";

/** What decides which questions, orders and numbers this browser's learner meets: eight hex digits. */
export function seed() {
  if (!kept()) adopt(crypto.getRandomValues(new Uint32Array(1))[0].toString(16).padStart(8, "0"));
  return kept();
}

function kept() {
  try {
    const stored = localStorage.getItem(SEED) ?? "";
    if (/^[0-9a-z]{1,16}$/.test(stored)) return stored;
  } catch {
    // storage is switched off
  }
  return unstored;
}

/** Take over the seed that the service knows the learner by; says whether it is another. @param {string} text */
export function adopt(text) {
  if (text === kept()) return false;
  unstored = text;
  try {
    localStorage.setItem(SEED, text);
  } catch {
    // it lasts as long as the page
  }
  return true;
}

/** @type {Promise<Progress | null> | undefined} */
let known;

/** How far this browser's learner is; null when the service does not say. Asked once for each page. */
export function progress() {
  known ??= call("progress").then(
    ({ status, data }) => (status === 200 ? data : null),
    () => null,
  );
  return known;
}

/** Forget what is known, because a page opened or an answer arrived. */
export function forget() {
  known = undefined;
}

/** Announce something to the elements of the page. @param {string} name @param {unknown} [detail] */
export function announce(name, detail) {
  document.dispatchEvent(new CustomEvent(`course:${name}`, { detail }));
}
