// @ts-check
import { counted } from "./numbers.js";
import { base, progress } from "./service.js";

/** @import { Progress, Standing } from "./service.js" */

/** An element that shows something of the learner's progress, as soon as it is known and at each answer. */
class Showing extends HTMLElement {
  connectedCallback() {
    document.addEventListener("course:answered", this);
    document.addEventListener("course:elsewhere", this);
    void this.load();
  }

  disconnectedCallback() {
    document.removeEventListener("course:answered", this);
    document.removeEventListener("course:elsewhere", this);
  }

  handleEvent() {
    void this.load();
  }

  async load() {
    const known = await progress();
    if (known && this.isConnected) this.show(known);
  }

  /** @param {Progress} _known */
  show(_known) {}
}

/** The site's navigation: a tick at each lesson that is complete, and a count at each module. */
export class CourseProgress extends Showing {
  /** @param {Progress} known */
  show({ learner, modules }) {
    if (!learner) return;
    const links = [...this.querySelectorAll("a")];
    for (const module of modules) {
      for (const lesson of module.lessons) {
        const link = links.find(({ pathname }) => pathname === base + lesson.url);
        if (link) mark(link, lesson);
      }
      for (const place of this.querySelectorAll("[data-module]")) {
        const count = place.querySelector(".course-nav__count");
        if (count && place.getAttribute("data-module") === module.title) {
          count.textContent = `${module.done} of ${module.total}`;
          count.classList.toggle("course-nav__count--all", module.done === module.total);
        }
      }
    }
  }
}

/** @param {HTMLAnchorElement} link @param {Standing} lesson */
function mark(link, { complete, answered }) {
  const state = complete ? "complete" : answered ? "started" : "";
  link.setAttribute("data-state", state);
  let note = link.querySelector(".course-nav__state");
  if (!note) {
    note = document.createElement("span");
    note.className = "course-nav__state";
    link.append(note);
  }
  note.textContent = state && ` (${state})`;
}

/** The button of the start page: links a learner who has started to the next lesson. */
export class CourseContinue extends Showing {
  /** @param {Progress} known */
  show({ learner, modules, next, new_since_finished: fresh }) {
    const link = this.querySelector("a");
    if (!learner || !link) return;
    const done = modules.reduce((sum, module) => sum + module.done, 0);
    const total = modules.reduce((sum, module) => sum + module.total, 0);
    if (next) {
      link.href = base + next.url;
      link.textContent = `${next.label}: ${next.title}`;
    }
    const parts = [`${done} of ${counted(total, "lesson")} complete`];
    if (fresh.length) parts.push(`${counted(fresh.length, "new lesson")} since you finished`);
    let line = this.querySelector(".course-continue__line");
    if (!line) {
      line = document.createElement("span");
      line.className = "course-continue__line";
      this.append(line);
    }
    line.textContent = parts.join(". ") + ".";
  }
}
