// @ts-check
// Calls to the service that records answers. Any of them may fail: a page works without the service.

/**
 * @typedef {{id: string, title: string, url: string, complete: boolean, answered: number, total: number,
 *   score: number | null}} Standing
 * @typedef {{title: string, done: number, total: number, lessons: Standing[]}} ModuleStanding
 * @typedef {{key: string, guest: boolean}} Owner the learner to whom something belongs
 * @typedef {{learner: (Owner & {mail: string | null}) | null, modules: ModuleStanding[],
 *   next: {title: string, url: string, label: string} | null,
 *   new_since_finished: {title: string, url: string}[]}} Progress
 */

/** The path under which the course is served, with a slash at its end. */
export const base = document.querySelector('meta[name="course-base"]')?.getAttribute("content") ?? "/";

/**
 * Call the service's API; rejects only if there is no connection.
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
    retryAfter: seconds(response.headers.get("Retry-After")),
    data: isJson ? await response.json().catch(() => null) : null,
  };
}

/** Retry-After, which is a number of seconds or a date. @param {string | null} text */
function seconds(text) {
  return Number(text) || Math.max(0, (Date.parse(text ?? "") - Date.now()) / 1000) || 0;
}

/**
 * Record something for its owner. Without an owner, a guest session is started first if there is none; before
 * that, nothing is stored about anybody.
 * @param {string} path @param {{owner?: string, [name: string]: unknown}} body
 */
export async function record(path, body) {
  const known = await progress();
  if (known && !known.learner && !body.owner) {
    const started = await startGuestSession();
    if (started.status >= 300) return started;
  }
  const reply = await call(path, body);
  if (reply.status !== 401 || body.owner) return reply;
  const started = await startGuestSession();
  return started.status < 300 ? call(path, body) : started;
}

/** Start a guest session if cookies work: otherwise each try would create a guest that nobody can reach. */
async function startGuestSession() {
  const reply = await alone("session", async () => {
    const known = await call("session?check=true"); // another tab may have been quicker
    return known.data?.learner ? known : call(`session?seed=${seed()}&check=true`, {});
  });
  forget();
  if (reply.data?.learner) note(reply.data.learner);
  return reply;
}

/**
 * Run *work* in one tab at a time. Locks exist only over TLS or on localhost, and not if storage is disabled.
 * @template T
 * @param {string} name @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function alone(name, work) {
  try {
    if (navigator.locks) return await navigator.locks.request(`${base}${name}`, work);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
  }
  return work();
}

// The learner whom this page acts for. If somebody else signs in in another tab, the page does not change.
const OWNER = `${base}.owner`;
/** The learner of this browser's session; undefined until the service has reported it. @type {Owner | null | undefined} */
let current;
/** The learner whom this page was opened for; null for none. @type {Owner | null | undefined} */
let own;

/** The learner that this page acts for, as far as known. @returns {Owner | null} */
export function owner() {
  if (own !== undefined) return own;
  try {
    return JSON.parse(localStorage.getItem(OWNER) ?? "null");
  } catch {
    return null; // storage is switched off
  }
}

/** The learner whose session this browser has; undefined if that is not known. */
export function signedIn() {
  return current;
}

/** Store whose session this browser has. A page that had no learner now acts for this one. @param {Owner | null} learner */
export function note(learner) {
  current = learner && { key: learner.key, guest: learner.guest };
  own = own || current;
  remember(current);
}

/** Act for the learner who is signed in now: a page opens, or it is the same person. */
export function follow() {
  if (current !== undefined) own = current;
}

/** Share the learner with other tabs, and with pages opened while the service is unavailable. @param {Owner | null} learner */
export function remember(learner) {
  try {
    localStorage.setItem(OWNER, JSON.stringify(learner));
  } catch {
    // it lasts as long as the page
  }
}

function refreshOwner() {
  forget();
  announce("owner");
}
addEventListener("storage", ({ key }) => key === OWNER && refreshOwner());
addEventListener("pageshow", ({ persisted }) => persisted && refreshOwner()); // back from the browser's memory

const SEED = `${base}.seed`;
/** Where storage is switched off, the seed lasts as long as the page. */
let unstored = "";

/** The seed of the questions, orders and numbers that this learner is shown: eight hex digits. */
export function seed() {
  if (!storedSeed()) adopt(crypto.getRandomValues(new Uint32Array(1))[0].toString(16).padStart(8, "0"));
  return storedSeed();
}

function storedSeed() {
  try {
    const stored = localStorage.getItem(SEED) ?? "";
    if (/^[0-9a-z]{1,16}$/.test(stored)) return stored;
  } catch {
    // storage is switched off
  }
  return unstored;
}

/** Store the learner's seed from the service; returns whether it is a different one. @param {string} text */
export function adopt(text) {
  if (text === storedSeed()) return false;
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

/** The learner's progress; null if the service did not return it. Requested once for each page. */
export function progress() {
  known ??= call("progress").then(
    ({ status, data }) => {
      if (status !== 200) return null;
      note(data.learner);
      return data;
    },
    () => null,
  );
  return known;
}

/** Discard the cached progress, because a page opened or an answer was saved. */
export function forget() {
  known = undefined;
}

/** Announce something to the elements of the page. @param {string} name @param {unknown} [detail] */
export function announce(name, detail) {
  document.dispatchEvent(new CustomEvent(`course:${name}`, { detail }));
}
