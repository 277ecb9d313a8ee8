// @ts-check
// Answers on their way. Each lies in localStorage under its own id until the service has it, so that it
// outlives a lost connection, a closed tab and a restart, and is recorded once however often it is sent.
//
//   add ──> waiting ──> sent: 200, 201            announces "answered"
//              │ └────> refused: 4xx              announces "refused"; the form keeps the words
//              └──────> later: 429, 5xx, offline  announces "waiting"; tried again
import { announce, base, forget, record } from "./service.js";

/**
 * @typedef {{id: string, question: string, revision: string, given: Record<string, string[]>,
 *   given_at: string, variant?: string, instead?: string, seconds?: number}} Answer
 */

const PREFIX = `${base}.answer.`;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 120_000;

/** Where storage is switched off, answers wait here, as long as the page is open. @type {Map<string, Answer>} */
const unstored = new Map();

/** All answers that the service does not have yet, the oldest first. @returns {Answer[]} */
export function waiting() {
  const stored = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX)) stored.push(JSON.parse(localStorage.getItem(key) ?? "null"));
    }
  } catch {
    // storage is switched off
  }
  return [...stored, ...unstored.values()]
    .filter(Boolean)
    .sort((one, other) => one.given_at.localeCompare(other.given_at));
}

/** Keep an answer and send it. @param {Omit<Answer, "id" | "given_at">} answer */
export function add(answer) {
  const kept = { id: uuid(), ...answer, given_at: new Date().toISOString() };
  try {
    localStorage.setItem(PREFIX + kept.id, JSON.stringify(kept));
  } catch {
    unstored.set(kept.id, kept);
  }
  pause = FIRST_PAUSE;
  // First the page shows that the answer is taken; a hidden page shows nothing.
  if (document.hidden) void flush();
  else requestAnimationFrame(() => setTimeout(flush));
}

/** @param {string} id */
function drop(id) {
  unstored.delete(id);
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // it was never stored
  }
}

let pause = FIRST_PAUSE;
/** @type {number | undefined} */
let timer;
/** @type {Promise<void>} */
let running = Promise.resolve();

/** Send what waits, one after another, in one tab at a time. */
export function flush() {
  clearTimeout(timer);
  running = running.then(() =>
    // Only pages served over TLS, or by this machine, have locks. Without, the ids prevent doubles.
    navigator.locks ? navigator.locks.request(`${PREFIX}sending`, sendAll) : sendAll(),
  );
  return running;
}

async function sendAll() {
  for (const answer of waiting()) {
    const seconds = await send(answer);
    if (seconds !== null) {
      timer = setTimeout(flush, Math.max(seconds * 1000, pause));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      break;
    }
    pause = FIRST_PAUSE;
  }
  announce("waiting");
}

/**
 * Send one answer. Returns null when that is done with, or how many seconds to wait at least.
 * @param {Answer} answer
 * @returns {Promise<number | null>}
 */
async function send(answer) {
  try {
    const { status, data, retryAfter } = await record("answers?view=html", answer);
    if (status === 200 || status === 201) {
      drop(answer.id);
      forget();
      announce("answered", { question: answer.question, ...data });
      return null;
    }
    if (status === 401 || status === 408 || status === 429 || status >= 500) return retryAfter;
    drop(answer.id);
    const message = data?.error?.message ?? "This answer could not be taken.";
    announce("refused", { question: answer.question, message });
    return null;
  } catch {
    return 0; // no connection
  }
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
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && waiting().length) void flush();
});
// Another tab kept an answer, or got one through.
addEventListener("storage", (event) => {
  if (!event.key?.startsWith(PREFIX)) return;
  forget();
  announce(event.newValue === null ? "elsewhere" : "waiting");
});
