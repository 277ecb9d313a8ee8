// @ts-check
// The queue of answers to send. Each is in localStorage under its own id until the service has it, so that it
// survives a lost connection, a closed tab and a restart, and is recorded once however often it is sent.
// It belongs to the learner whom its page was opened for, and is only sent with their session.
//
//   add ──> waiting ──> sent: 200, 201                  announces "answered"
//              │ └────> refused by the service: 4xx     announces "refused"; its text stays to be copied
//              ├──────> later: 429, 5xx, no connection  announces "waiting"; tried again
//              └──────> blocked: signed out, somebody else, no cookies; until that changes
import {
  alone, announce, base, call, follow, forget, owner, progress, record, signedIn,
} from "./service.js";

/**
 * @typedef {{id: string, question: string, revision: string, given: Record<string, string[]>,
 *   given_at: string, variant?: string, instead?: string, seconds?: number, owner?: string, guest?: boolean,
 *   about?: {page: string, prompt: string, words: string[]}, refused?: string}} Answer
 */

const PREFIX = `${base}.answer.`;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 120_000;

/** Answers that localStorage did not take: they wait here as long as the page is open. @type {Map<string, Answer>} */
const unstored = new Map();

/** All answers in this browser, the oldest first. @returns {Answer[]} */
function all() {
  /** @type {Answer[]} */
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX)) found.push(parsed(localStorage.getItem(key)));
    }
  } catch {
    // storage is switched off
  }
  return [...found, ...unstored.values()]
    .filter((answer) => answer?.id && answer.given_at)
    .sort((one, other) => one.given_at.localeCompare(other.given_at));
}

/** @param {string | null} text */
function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null; // not ours
  }
}

/** Answers given without a session belong to the learner of the first session. @param {Answer} answer */
const isMine = (answer) => !answer.owner || answer.owner === owner()?.key;

/** Answers of this page's learner that the service does not have yet. */
export const waiting = () => all().filter((answer) => isMine(answer) && !answer.refused);

/** Answers of this page's learner that the service refused for good. */
export const refused = () => all().filter((answer) => isMine(answer) && answer.refused);

/** Answers of other people in this browser. */
export const others = () => all().filter((answer) => !isMine(answer));

/** Whether an answer is lost with this page. @param {Answer} answer */
export const isUnstored = (answer) => unstored.has(answer.id);

let refusesCookies = false;

/** Why no answers can be sent: "cookies", "ended", "other", or "" if they can. */
export function blockReason() {
  if (refusesCookies) return "cookies";
  const [mine, now] = [owner(), signedIn()];
  if (!mine || now === undefined || now?.key === mine.key) return "";
  return now ? "other" : "ended";
}

/** Store an answer and send it. @param {Omit<Answer, "id" | "given_at">} answer */
export function add(answer) {
  const mine = owner();
  for (const { id, question } of refused()) if (question === answer.question) drop(id);
  const given_at = new Date().toISOString();
  put({ id: uuid(), ...answer, given_at, owner: mine?.key, guest: mine?.guest });
  pause = FIRST_PAUSE;
  // Let the page show its status first; a hidden page shows nothing.
  if (document.hidden) void flush();
  else requestAnimationFrame(() => setTimeout(flush));
}

/** @param {Answer} answer */
function put(answer) {
  try {
    localStorage.setItem(PREFIX + answer.id, JSON.stringify(answer));
    unstored.delete(answer.id);
  } catch {
    unstored.set(answer.id, answer);
  }
}

/** Remove an answer. @param {string} id */
export function drop(id) {
  unstored.delete(id);
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // it was never stored
  }
}

/** Assign the answers that guests left in this browser to this learner, who claims them. */
export function claim() {
  follow();
  for (const { owner: _, guest, ...answer } of all()) if (guest) put(answer);
  return flush();
}

let pause = FIRST_PAUSE;
/** No request before this time, as the service asked; by performance.now(). */
let notBefore = 0;
/** @type {number | undefined} */
let timer;
/** @type {Promise<void>} */
let running = Promise.resolve();

/** Send the waiting answers one after another, in one tab at a time. */
export function flush() {
  clearTimeout(timer);
  running = running.then(() => alone(".answer.sending", sendAll)).catch(() => later(0));
  return running;
}

/** @param {number} least how many seconds to wait at least */
function later(least) {
  clearTimeout(timer);
  if (least) notBefore = performance.now() + least * 1000;
  timer = setTimeout(flush, Math.max(least * 1000, pause * (0.75 + Math.random() / 2)));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

async function sendAll() {
  const rest = notBefore - performance.now();
  if (rest > 0) timer = setTimeout(flush, rest);
  else await sendMine();
  announce("waiting");
}

async function sendMine() {
  refusesCookies = false;
  await progress();
  await adopt();
  for (const answer of waiting()) {
    const now = signedIn();
    if (answer.owner && now !== undefined && now?.key !== answer.owner) continue; // blocked
    const seconds = await send(answer);
    if (seconds !== null) return void later(seconds);
    if (refusesCookies) return;
    pause = FIRST_PAUSE;
  }
}

/** @type {string | undefined} */
let asked;

/** Take over the answers of a guest whose account this is now; checked once for each learner. */
async function adopt() {
  const now = signedIn();
  const waits = blockReason() === "other" || others().length;
  if (!now || !waits || asked === now.key) return;
  const { status, data } = await call("session");
  if (status !== 200 || data.learner?.key !== now.key) return;
  asked = now.key;
  if (data.merged.includes(owner()?.key)) follow();
  for (const answer of all()) {
    if (data.merged.includes(answer.owner)) put({ ...answer, owner: now.key, guest: now.guest });
  }
}

/**
 * Send one answer. Returns null if it was handled, or the least number of seconds before a retry.
 * @param {Answer} answer
 * @returns {Promise<number | null>}
 */
async function send({ guest, about, refused: _, ...answer }) {
  let reply;
  try {
    reply = await record("answers?view=html", answer);
  } catch {
    return 0; // no connection
  }
  const { status, data, retryAfter } = reply;
  if (status === 200 || status === 201) {
    drop(answer.id);
    forget();
    announce("answered", { question: answer.question, ...data });
    return null;
  }
  const { code, message } = data?.error ?? {};
  if (code === "cookies-refused" || (status === 401 && !answer.owner)) {
    refusesCookies = true;
    return null;
  }
  if (status === 401 || code === "other-learner") {
    asked = undefined;
    forget();
    // If the session's learner is still unknown, try again later.
    return (await progress()) && blockReason() ? null : retryAfter;
  }
  // Only the service refuses answers; a proxy may respond with anything.
  if (!code || status === 408 || status === 429 || status >= 500) return retryAfter;
  put({ ...answer, guest, about, refused: message });
  announce("refused", { question: answer.question, message });
  return null;
}

/** A random id; crypto.randomUUID exists only on pages served over TLS. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

addEventListener("online", flush);
document.addEventListener("course:owner", flush); // somebody signed in or out in another tab
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && waiting().length) void flush();
});
addEventListener("beforeunload", (event) => {
  if (unstored.size) event.preventDefault();
});
// Another tab stored an answer, or sent one.
addEventListener("storage", (event) => {
  if (!event.key?.startsWith(PREFIX)) return;
  forget();
  announce(event.newValue === null ? "elsewhere" : "waiting");
});
