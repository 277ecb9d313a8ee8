// @ts-check
import { percent, percentage } from "./numbers.js";
import { adopt, announce, call, follow, forget, owner, progress, record } from "./service.js";

/** @import { Standing } from "./service.js" */

/** Milliseconds after which a page has settled, with its earlier answers and pictures. */
const SETTLED = 10_000;

/** A lesson: restores its learner's earlier answers and shows their progress. */
export class CourseLesson extends HTMLElement {
  /** Stops keeping the anchor in view. */
  release = () => {};

  connectedCallback() {
    follow();
    this.hold();
    this.addEventListener("submit", this);
    document.addEventListener("course:answered", this);
    document.addEventListener("course:elsewhere", this);
    void this.load();
    void this.visit();
  }

  disconnectedCallback() {
    this.release();
    document.removeEventListener("course:answered", this);
    document.removeEventListener("course:elsewhere", this);
  }

  /** Keep the anchor of the address in view while earlier answers load, until the reader scrolls. */
  hold() {
    const name = decodeURIComponent(location.hash.slice(1));
    document.documentElement.classList.toggle("anchored", name !== "");
    const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    // After going back or reloading, the browser restores the scroll position itself.
    if (!name || (visit && visit.type !== "navigate")) return;
    const place = new ResizeObserver(() => {
      document.getElementById(name)?.scrollIntoView({ behavior: "instant" });
    });
    const moved = new AbortController();
    this.release = () => {
      place.disconnect();
      moved.abort();
    };
    for (const event of ["wheel", "touchmove", "pointerdown", "keydown", "popstate", "hashchange"]) {
      addEventListener(event, this.release, { capture: true, passive: true, signal: moved.signal });
    }
    setTimeout(this.release, SETTLED);
    place.observe(this);
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

  /** Show the questions of each pool that this learner was drawn, on any device. @param {string[]} asked */
  draw(asked) {
    for (const question of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-pool]"))) {
      const waits = question.hasAttribute("aria-busy");
      question.hidden = !waits && !asked.includes(question.dataset.question ?? "");
    }
  }

  /** Record the visit of a known learner; visits without a learner are not counted. */
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
    const points = score === null || !total ? "" : `, ${percentage(percent(score))} of the points`;
    const summary = total ? `${answered} of ${total} answered${points}` : "";
    count.textContent = complete ? ["Lesson complete", summary].filter(Boolean).join(": ") : summary;
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
    const showStatus = (text) => status && (status.textContent = text);
    showStatus("Saving …");
    try {
      const reply = await record("readings", { lesson: this.name, owner: owner()?.key });
      if (reply.status >= 300) {
        const ended = reply.status === 401 && "You have been signed out. Sign in again to save this.";
        showStatus(ended || (reply.data?.error?.message ?? "This couldn’t be saved. Please try again."));
        return;
      }
      showStatus("Marked as read.");
      forget();
      announce("answered", {});
      void this.load();
    } catch {
      showStatus("No connection. Please try again later.");
    }
  }
}
