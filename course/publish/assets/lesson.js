// @ts-check
import { adopt, announce, call, follow, forget, owner, progress, record } from "./service.js";

/** @import { Standing } from "./service.js" */

/**
 * A share in whole percent, rounded down: 100 only for all, and no pass mark before it is reached.
 * The same as course/content/percent.py.
 * @param {number} share
 */
export const percent = (share) => Math.floor(share * 100 + 1e-7);

/** A lesson: brings back what its learner has answered, and shows how far they are. */
export class CourseLesson extends HTMLElement {
  connectedCallback() {
    follow();
    this.addEventListener("submit", this);
    document.addEventListener("course:answered", this);
    document.addEventListener("course:elsewhere", this);
    void this.load();
    void this.visit();
  }

  disconnectedCallback() {
    document.removeEventListener("course:answered", this);
    document.removeEventListener("course:elsewhere", this);
  }

  get name() {
    return this.dataset.lesson ?? "";
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "submit") return this.read(event);
    if (event.type === "course:elsewhere") return void this.load();
    const { question, lesson } = /** @type {CustomEvent} */ (event).detail;
    if (lesson && this.querySelector(`[data-question="${question}"]`)) this.show(lesson);
    return undefined;
  }

  async load() {
    try {
      const { status, data } = await call(`lessons?lesson=${encodeURIComponent(this.name)}&view=html`);
      if (status !== 200 || !this.isConnected) return;
      if (data.seed && adopt(data.seed)) announce("seed");
      if (data.seed) this.draw(data.asked);
      for (const { question, html } of data.questions) announce("shown", { question, html });
      if (data.lesson) this.show(data.lesson);
    } catch {
      // No connection: the lesson is here, and answers wait in the queue.
    }
  }

  /** Show of each pool what the learner is asked, on this device or others. @param {string[]} asked */
  draw(asked) {
    for (const question of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-pool]"))) {
      const waits = question.hasAttribute("aria-busy");
      question.hidden = !waits && !asked.includes(question.dataset.question ?? "");
    }
  }

  /** Note the visit of a learner who is known; strangers are not counted. */
  async visit() {
    const known = await progress();
    const key = known?.learner?.key;
    if (key) await call("visits", { lesson: this.name, owner: key }).catch(() => null);
  }

  /** @param {Standing} lesson */
  show({ complete, answered, total, score }) {
    const bar = /** @type {HTMLProgressElement | null} */ (this.querySelector(".lesson__bar"));
    const count = this.querySelector(".lesson__count");
    if (!bar || !count) return;
    bar.max = total || 1;
    bar.value = total ? answered : Number(complete);
    const points = score === null || !total ? "" : `, ${percent(score)}% of the points`;
    const said = total ? `${answered} of ${total} answered${points}` : "";
    count.textContent = complete ? ["Lesson complete", said].filter(Boolean).join(": ") : said;
    this.toggleAttribute("data-complete", complete);
  }

  /** Mark a lesson without questions as read. @param {Event} event */
  read(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches(".lesson__read")) return;
    event.preventDefault();
    void this.sendRead(form);
  }

  /** @param {HTMLFormElement} form */
  async sendRead(form) {
    const status = form.querySelector("[role=status]");
    /** @param {string} text */
    const say = (text) => status && (status.textContent = text);
    say("Saving …");
    try {
      const reply = await record("readings", { lesson: this.name, owner: owner()?.key });
      if (reply.status >= 300) {
        const ended = reply.status === 401 && "You have been signed out. Sign in again to save this.";
        say(ended || (reply.data?.error?.message ?? "This could not be saved. Please try again."));
        return;
      }
      say("Marked as read.");
      forget();
      announce("answered", {});
      void this.load();
    } catch {
      say("No connection. Please try again later.");
    }
  }
}
