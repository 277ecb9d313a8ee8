// @ts-check
import { order, words } from "./order.js";
import * as queue from "./queue.js";
import { arrange, stopwatch } from "./variety.js";

/** Fields that identify the answer and are not part of it. */
const ABOUT = new Set(["question", "revision", "id", "owner", "variant", "instead"]);

/** The status of a waiting answer, by the reason why it waits. @type {Record<string, string>} */
const WAITING_REASONS = {
  "": "Waiting for a connection. Your answer is kept in this browser.",
  ended: "You have been signed out. Sign in again to save your answer. It is kept in this browser.",
  guest: "Your guest session has ended. Your answer is kept in this browser until you continue.",
  other: "Someone else has signed in on this browser. Your answer is kept here until you sign in again.",
  cookies:
    "This course needs a cookie to save your answers, and this browser is blocking it. Allow cookies for this site, then reload the page.",
};
const OTHER_LEARNER = "Someone else has signed in on this browser. Reload the page, then try again.";
const UNSTORED = " This browser can’t store it, so keep this page open until it’s saved.";

const EVENTS = ["answered", "shown", "refused", "waiting", "seed"].map((name) => `course:${name}`);

/** A question whose form is sent without leaving the page; the form works without this script, too. */
export class CourseQuestion extends HTMLElement {
  /** @type {(() => number) | undefined} */
  watch;

  connectedCallback() {
    this.addEventListener("submit", this);
    this.addEventListener("click", this);
    for (const name of EVENTS) document.addEventListener(name, this);
    arrange(this);
    this.watch ??= stopwatch(this);
    this.showWaiting();
    for (const rows of this.querySelectorAll("[data-ranks]")) {
      order(/** @type {HTMLElement} */ (rows), (text) => this.showStatus(text));
    }
  }

  disconnectedCallback() {
    for (const name of EVENTS) document.removeEventListener(name, this);
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "submit") return this.submit(/** @type {SubmitEvent} */ (event));
    if (event.type === "click") return this.showSister(event);
    if (event.type === "course:waiting") return this.showWaiting();
    if (event.type === "course:seed") return arrange(this);
    const { detail } = /** @type {CustomEvent} */ (event);
    if (detail.question !== this.dataset.question) return undefined;
    return event.type === "course:refused" ? this.refuse(detail.message) : this.replaceBy(detail.html);
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches(".question__form")) return;
    event.preventDefault();
    if (this.isBusy) return;
    if (queue.blockReason() === "other") return this.showStatus(OTHER_LEARNER, "refused"); // it is unknown who is answering
    /** @type {Record<string, string[]>} */
    const given = {};
    for (const [name, value] of new FormData(form)) {
      if (!ABOUT.has(name)) (given[name] ??= []).push(String(value));
    }
    this.setBusy(true);
    this.showStatus("Saving …");
    const { question = "", revision = "" } = this.dataset;
    const field = (/** @type {string} */ name) =>
      /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name))?.value || undefined;
    const [variant, instead, seconds] = [field("variant"), field("instead"), this.watch?.()];
    const prompt = words(this.querySelector(".question__prompt"));
    const about = { page: location.pathname, prompt: prompt.slice(0, 200), words: answerTexts(form) };
    queue.add({ question, revision, given, variant, instead, seconds, about });
  }

  /** Show a sister question in place of this one. @param {Event} event */
  showSister(event) {
    const link = /** @type {Element} */ (event.target).closest("[data-sister]");
    const name = link?.getAttribute("data-sister");
    const sister = name && document.querySelector(`course-question[data-question="${name}"]`);
    if (!(sister instanceof CourseQuestion)) return;
    event.preventDefault();
    event.stopPropagation(); // or Material would take it for a link to a page
    const form = sister.querySelector("form");
    if (form && !form.elements.namedItem("instead")) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "instead" });
      field.value = this.dataset.question ?? "";
      form.append(field);
    }
    if (!sister.querySelector(".question__notice")) {
      const notice = document.createElement("p");
      notice.className = "question__notice";
      notice.textContent = "A question like the one before: the same idea in a different situation.";
      sister.prepend(notice);
    }
    this.before(sister);
    sister.hidden = false;
    this.hidden = true;
    const prompt = /** @type {HTMLElement | null} */ (sister.querySelector(".question__prompt"));
    prompt?.setAttribute("tabindex", "-1");
    prompt?.focus({ preventScroll: true });
    sister.scrollIntoView({ block: "nearest" });
  }

  get isBusy() {
    return this.hasAttribute("aria-busy");
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    if (busy) this.setAttribute("aria-busy", "true");
    else this.removeAttribute("aria-busy");
    // Not `disabled`: a button that has the focus would drop it.
    this.querySelector("[type=submit]")?.setAttribute("aria-disabled", String(busy));
  }

  /** @param {string} text @param {string} [kind] */
  showStatus(text, kind = "") {
    const line = this.querySelector(".question__status");
    if (!line || line.textContent === text) return; // read out once
    line.textContent = text;
    line.setAttribute("data-kind", kind);
  }

  /** Show an answer that is not saved yet, even if it was given on an earlier visit. */
  showWaiting() {
    /** @param {import("./queue.js").Answer} answer */
    const isHere = ({ question }) => question === this.dataset.question;
    const answer = queue.waiting().find(isHere);
    if (!answer) return this.showRefused(queue.refused().find(isHere));
    if (!this.isBusy) {
      arrange(this, answer.variant);
      this.hidden = false;
      this.fill(answer.given);
      this.setBusy(true);
    }
    const why = WAITING_REASONS[queue.blockReason() === "ended" && answer.guest ? "guest" : queue.blockReason()];
    this.showStatus(queue.isUnstored(answer) ? why.split(". ")[0] + "." + UNSTORED : why, "waiting");
  }

  /** Show an answer that the service refused while no page was there to show it. @param {import("./queue.js").Answer} [answer] */
  showRefused(answer) {
    if (!answer?.refused || this.querySelector(".question__status")?.textContent) return;
    this.hidden = false;
    this.fill(answer.given);
    this.refuse(answer.refused);
  }

  /** @param {Record<string, string[]>} given */
  fill(given) {
    for (const field of this.querySelectorAll("input, select, textarea")) {
      if (field instanceof HTMLInputElement && /radio|checkbox/.test(field.type)) {
        field.checked = given[field.name]?.includes(field.value) ?? false;
      } else if (
        (field instanceof HTMLInputElement && field.type !== "hidden") ||
        field instanceof HTMLSelectElement ||
        field instanceof HTMLTextAreaElement
      ) {
        field.value = given[field.name]?.[0] ?? field.value;
      }
    }
  }

  /** @param {string} message */
  refuse(message) {
    this.setBusy(false);
    this.showStatus(`Your answer couldn’t be saved. ${message}`, "refused");
  }

  /**
   * Replace this element by the service's new HTML of the question. The focus moves to the feedback if it
   * was here; if the learner has moved on, it stays where it is.
   * @param {string} html
   */
  replaceBy(html) {
    const place = document.createElement("template");
    place.innerHTML = html;
    const next = /** @type {CourseQuestion | null} */ (place.content.querySelector("course-question"));
    if (!next) return;
    const focused = document.activeElement;
    const follow = this.contains(focused) || focused === document.body || focused === null;
    const sent = this.isBusy;
    this.replaceWith(next);
    if (!sent) return;
    next.showStatus("Saved.", "saved");
    if (follow) {
      const feedback = /** @type {HTMLElement | null} */ (next.querySelector(".question__feedback"));
      feedback?.focus({ preventScroll: true });
      feedback?.scrollIntoView({ block: "nearest" });
    }
  }
}

/** The answers in a form, as text for people. @param {HTMLFormElement} form */
function answerTexts(form) {
  return [...form.elements].flatMap((field) => {
    if (field instanceof HTMLSelectElement) {
      return [`${words(field.labels[0])}: ${field.selectedOptions[0]?.text ?? ""}`];
    }
    if (field instanceof HTMLTextAreaElement) return [field.value];
    if (!(field instanceof HTMLInputElement) || field.type === "hidden") return [];
    if (!/radio|checkbox/.test(field.type)) return [field.value];
    return field.checked ? [words(field.labels?.[0])] : [];
  });
}
