// @ts-check
// Custom elements, not start-up scripts: instant navigation swaps the page without loading it, and the
// browser still connects each new element.
import { CourseLesson } from "./lesson.js";
import { CourseContinue, CourseProgress } from "./progress.js";
import { CourseQuestion } from "./question.js";
import * as queue from "./queue.js";

customElements.define("course-question", CourseQuestion);
customElements.define("course-lesson", CourseLesson);
customElements.define("course-progress", CourseProgress);
customElements.define("course-continue", CourseContinue);

/** The line that says how many answers are on their way, on whichever page is open. */
function showWaiting() {
  const count = queue.waiting().length;
  let line = document.querySelector(".course-waiting");
  if (!line) {
    if (!count) return;
    line = document.createElement("p");
    line.className = "course-waiting";
    line.setAttribute("role", "status");
    document.body.append(line);
  }
  line.textContent = count
    ? `${count} ${count === 1 ? "answer is" : "answers are"} waiting for connection`
    : "";
}

document.addEventListener("course:waiting", showWaiting);
document.addEventListener("course:elsewhere", showWaiting);
if (queue.waiting().length) {
  showWaiting();
  void queue.flush();
}

// What scrolls sideways must be reached by keyboard, too. Material wraps tables after a page has come;
// that, and turning a phone, changes the height of the body.
new ResizeObserver(() => {
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap")) {
    if (table.scrollWidth > table.clientWidth) table.setAttribute("tabindex", "0");
    else table.removeAttribute("tabindex");
  }
}).observe(document.body);

// The labels that open the menu and the search work with a pointer only. Buttons take their place.
const drawer = /** @type {HTMLInputElement | null} */ (document.querySelector("#__drawer"));
for (const label of document.querySelectorAll("label.course-menu, label.course-search")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = label.className;
  button.append(...label.cloneNode(true).childNodes);
  button.addEventListener("click", () => /** @type {HTMLElement} */ (label).click());
  label.before(button);
  label.setAttribute("hidden", "");
}
const menu = /** @type {HTMLElement | null} */ (document.querySelector("button.course-menu"));
drawer?.addEventListener("change", () => menu?.setAttribute("aria-expanded", String(drawer.checked)));
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !drawer?.checked) return;
  drawer.click();
  menu?.focus();
});
