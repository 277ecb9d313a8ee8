// @ts-check
// Talking to the service that keeps answers. Everything here may fail: a page is whole without it.

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
    retryAfter: seconds(response.headers.get("Retry-After")),
    data: isJson ? await response.json().catch(() => null) : null,
  };
}

/** Retry-After, which is a number of seconds or a date. @param {string | null} text */
function seconds(text) {
  return Number(text) || Math.max(0, (Date.parse(text ?? "") - Date.now()) / 1000) || 0;
}

/**
 * Record something for its owner. Without one, this browser becomes a guest first where it is none yet; until
 * then nothing is kept of anybody.
 * @param {string} path @param {{owner?: string, [name: string]: unknown}} body
 */
export async function record(path, body) {
  const known = await progress();
  if (known && !known.learner && !body.owner) {
    const begun = await begin();
    if (begun.status >= 300) return begun;
  }
  const reply = await call(path, body);
  if (reply.status !== 401 || body.owner) return reply;
  const begun = await begin();
  return begun.status < 300 ? call(path, body) : begun;
}

/** Become a guest, if this browser returns cookies: else each try would make one that nobody can reach. */
async function begin() {
  const reply = await alone("session", async () => {
    const known = await call("session?check=true"); // another tab may have been quicker
    return known.data?.learner ? known : call(`session?seed=${seed()}&check=true`, {});
  });
  forget();
  if (reply.data?.learner) note(reply.data.learner);
  return reply;
}

/**
 * Do something in one tab at a time. Locks exist over TLS and on this machine only, and not where storage is
 * switched off.
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

// Whose page this is. Somebody else may sign in in another tab; the page then goes on for whom it was opened.
const OWNER = `${base}.owner`;
/** Whom the service knows this browser as now; undefined until it has said so. @type {Owner | null | undefined} */
let current;
/** Whom this page was opened for; null for a stranger. @type {Owner | null | undefined} */
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

/** Note whose session this browser has. A stranger's page goes on as theirs. @param {Owner | null} learner */
export function note(learner) {
  current = learner && { key: learner.key, guest: learner.guest };
  own = own || current;
  remember(current);
}

/** Act for whoever is signed in now, since a page opens or because that is the same person. */
export function follow() {
  if (current !== undefined) own = current;
}

/** Tell other tabs, and pages that open while the service is away. @param {Owner | null} learner */
export function remember(learner) {
  try {
    localStorage.setItem(OWNER, JSON.stringify(learner));
  } catch {
    // it lasts as long as the page
  }
}

function askAgain() {
  forget();
  announce("owner");
}
addEventListener("storage", ({ key }) => key === OWNER && askAgain());
addEventListener("pageshow", ({ persisted }) => persisted && askAgain()); // back from the browser's memory

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
    ({ status, data }) => {
      if (status !== 200) return null;
      note(data.learner);
      return data;
    },
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
