// @ts-check
// Custom elements, not start-up scripts: instant navigation swaps the page without loading it, and the
// browser still connects each new element.
import { CourseLesson } from "./lesson.js";
import { atFirstTouch } from "./material.js";
import { CourseContinue, CourseProgress } from "./progress.js";
import { CourseQuestion } from "./question.js";
import * as queue from "./queue.js";
import "./notices.js";

customElements.define("course-question", CourseQuestion);
customElements.define("course-lesson", CourseLesson);
customElements.define("course-progress", CourseProgress);
customElements.define("course-continue", CourseContinue);

if (queue.waiting().length || queue.others().length) void queue.flush();

// What scrolls sideways must be reached by keyboard, too. Turning a phone changes the height of the body. What is
// far from the screen has no layout, and counts as wide until it comes near.
const WIDE = ".plan__table, .course-diagram, .md-content table:not([class], .plan__table *)";
const reach = () => {
  for (const wide of document.querySelectorAll(WIDE)) {
    const far = wide.checkVisibility?.({ contentVisibilityAuto: true }) === false;
    if (far || wide.scrollWidth > wide.clientWidth) wide.setAttribute("tabindex", "0");
    else wide.removeAttribute("tabindex");
  }
};
new ResizeObserver(reach).observe(document.body);
document.addEventListener("contentvisibilityautostatechange", reach, { capture: true });

// The labels that open the menu and the search work with a pointer only. Buttons take their place.
const input = /** @type {HTMLInputElement | null} */ (document.querySelector(".md-search__input"));
const drawer = /** @type {HTMLInputElement | null} */ (document.querySelector("#__drawer"));
for (const label of document.querySelectorAll("label.course-menu, label.course-search")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = label.className;
  button.append(...label.cloneNode(true).childNodes);
  button.addEventListener("click", () => {
    /** @type {HTMLElement} */ (label).click();
    if (label.matches(".course-search")) input?.focus();
  });
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

atFirstTouch();
