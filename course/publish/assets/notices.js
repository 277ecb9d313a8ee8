// @ts-check
// Notices on any page about answers that are not saved: how many wait and why, answers that other people left
// in this browser, and answers that the service refused.
import { counted, pluralise } from "./numbers.js";
import { base, owner, remember, signedIn } from "./service.js";
import * as queue from "./queue.js";

/** @import { Answer } from "./queue.js" */

/** How many answers do something. @param {number} count @param {string} one @param {string} [many] */
const answersThat = (count, one, many = one) => `${counted(count, "answer")} ${pluralise(count, one, many)}`;

/**
 * @param {string} name @param {string} text @param {(() => void) | string} [lead] where it leads or what it does
 */
function element(name, text, lead) {
  const made = document.createElement(name);
  made.textContent = text;
  if (typeof lead === "string") made.setAttribute("href", lead);
  else if (lead) made.addEventListener("click", lead);
  return made;
}

const signIn = () => element("a", "Sign in", `${base}account/sign-in`);

/** Why answers of this page's learner wait. @param {number} count @returns {(string | HTMLElement)[]} */
function waits(count) {
  const not = count ? `${answersThat(count, "is", "are")} not saved: ` : "";
  /** @param {string} text */
  const sentence = (text) => not + (not ? text : text[0].toUpperCase() + text.slice(1));
  switch (queue.blockReason()) {
    case "ended":
      return owner()?.guest
        ? [sentence("your guest session has ended. "), element("button", "Continue as a new guest", queue.claim)]
        : [sentence("you have been signed out. "), signIn()];
    case "other":
      return [
        sentence("someone else has signed in on this browser. "),
        element("button", "Reload the page", () => location.reload()),
      ];
    case "cookies":
      return [sentence("this browser is blocking the cookie needed to save them.")];
  }
  return count ? [answersThat(count, "is waiting for a connection", "are waiting for a connection")] : [];
}

const HIDDEN = `${base}.others-hidden`;

/** Answers that other people left, to be sent when they return. @param {Answer[]} answers @returns {(string | HTMLElement)[]} */
function left(answers) {
  const ids = answers.map(({ id }) => id).join();
  if (!answers.length || queue.blockReason() || stored(HIDDEN) === ids) return [];
  const hide = element("button", "Hide", () => {
    store(HIDDEN, ids);
    show();
  });
  // The owner of an account can return to them; a guest whose session has ended must claim them.
  const guests = answers.filter(({ guest }) => guest);
  const remove = element("button", "Delete", () => {
    if (!confirm("Delete these answers? They were never saved.")) return;
    for (const { id } of guests) queue.drop(id);
    show();
  });
  const settle = guests.length ? [element("button", "Save as mine", queue.claim), remove] : [];
  const text = signedIn()
    ? `${answersThat(answers.length, "by someone else waits", "by someone else wait")} in this browser until they sign in again. `
    : `${answersThat(answers.length, "waits", "wait")} in this browser for the person who gave ${pluralise(answers.length, "it", "them")}. `;
  return [text, ...(signedIn() ? [] : [signIn()]), ...settle, hide];
}

/** @param {string} key */
function stored(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // storage is switched off
  }
}

/** @param {string} key @param {string} value */
function store(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // the notice is shown again on the next page
  }
}

/** Refused answers to questions that are not on this page, to be copied. @param {Answer[]} answers */
function lost(answers) {
  if (!answers.length) return [];
  const details = element("details", "");
  details.append(element("summary", `${answersThat(answers.length, "couldn’t be saved")}`));
  for (const { id, refused, about } of answers) {
    const remove = element("button", "Delete", () => {
      queue.drop(id);
      show();
    });
    const text = element("pre", about?.words.join("\n") ?? "");
    const place = element("a", about?.prompt ?? "", about?.page ?? base);
    details.append(place, element("p", refused ?? ""), text, remove);
  }
  return [details];
}

/** @type {HTMLElement | undefined} */
let bar;
let shown = "";

function show() {
  const waiting = queue.waiting();
  const isHere = (/** @type {Answer} */ { question }) =>
    document.querySelector(`course-question[data-question="${CSS.escape(question)}"]`) !== null;
  // On a narrow screen the bar would cover the question's own message about cookies.
  const isShownInQuestion = queue.blockReason() === "cookies" && waiting.some(isHere);
  const parts = [isShownInQuestion ? [] : waits(waiting.length), left(queue.others()), lost(queue.refused().filter((one) => !isHere(one)))]
    .filter((part) => part.length)
    .map((part) => {
      const line = document.createElement("div");
      line.append(...part);
      return line;
    });
  const text = parts.map((part) => part.textContent).join("\n");
  if (text === shown && (bar?.isConnected || !text)) return;
  shown = text;
  if (!bar) {
    bar = document.createElement("div");
    bar.className = "course-waiting";
    bar.setAttribute("role", "status");
  }
  // A question on this page announces it itself.
  bar.setAttribute("aria-live", waiting.some(isHere) ? "off" : "polite");
  if (!bar.isConnected) document.body.append(bar);
  bar.replaceChildren(...parts);
  leaving(waiting.length);
}

/** Warn on forms for signing out or leaving about answers that wait. @param {number} count */
function leaving(count) {
  for (const form of document.querySelectorAll("form[data-leaving]")) {
    let line = form.querySelector(".course-alert");
    if (!line) form.prepend((line = element("p", "")));
    line.className = "course-alert";
    const then = form.getAttribute("data-leaving") ?? "";
    line.textContent = `${answersThat(count, "is", "are")} not saved yet. ${then}`;
    line.toggleAttribute("hidden", !count);
  }
}

for (const name of ["waiting", "elsewhere", "answered"]) document.addEventListener(`course:${name}`, show);
document.addEventListener("submit", ({ target }) => {
  const form = /** @type {HTMLFormElement} */ (target);
  if (form.matches("form[data-signs-out]")) remember(null); // the next page may be read without the service
});
show();
