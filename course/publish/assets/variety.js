// @ts-check
// What each learner meets in their own way: which questions of a pool, the order of options, the numbers in
// a task. The page is the same for everyone; a browser arranges it by its learner's seed, with or without a
// connection, and says so in the form. The service reckons the same from what the form says.
import { seed } from "./service.js";

/** The same number as `chance.number` of the service. @param {string[]} parts */
export function chance(...parts) {
  let mixed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(parts.join("|"))) mixed = Math.imul(mixed ^ byte, 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * The same choice as `parameters.chosen` of the service.
 * @param {Record<string, string[]>} numbers @param {string} question @param {string} variant
 */
export function chosen(numbers, question, variant) {
  const [own, count = "1"] = variant.split(".");
  const names = Object.keys(numbers).sort();
  const total = names.reduce((product, name) => product * numbers[name].length, 1);
  let step = Math.max(1, Math.round(total * 0.618));
  while (divisor(step, total) > 1) step += 1;
  let at = ((own ? chance(own, question, "numbers") % total : 0) + (Number(count) - 1) * step) % total;
  /** @type {Record<string, string>} */
  const values = {};
  for (const name of names) {
    values[name] = numbers[name][at % numbers[name].length];
    at = Math.floor(at / numbers[name].length);
  }
  return values;
}

/** @param {number} one @param {number} other @returns {number} */
const divisor = (one, other) => (other ? divisor(other, one % other) : one);

/**
 * Arrange a question of the page that is the same for everyone; one that the service made is left alone.
 * @param {HTMLElement} question @param {string} [shown] the variant; without, the learner's own
 */
export function arrange(question, shown) {
  const { question: name = "", pool, draw, numbers, varies } = question.dataset;
  if (varies === undefined) return;
  const variant = shown ?? seed(); // made only where something needs it
  const [own] = variant.split(".");
  if (pool && varies !== own) {
    const rank = chance(own, pool, name);
    const others = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-pool="${pool}"]`));
    const before = [...others].filter(({ dataset }) => chance(own, pool, dataset.question ?? "") < rank);
    question.hidden = before.length >= Number(draw);
  }
  for (const list of question.querySelectorAll("[data-shuffled]")) shuffle(list, own, name);
  const values = numbers ? chosen(JSON.parse(numbers), name, variant) : {};
  for (const place of question.querySelectorAll("[data-number]")) {
    place.textContent = values[place.getAttribute("data-number") ?? ""];
  }
  const field = /** @type {HTMLInputElement | null} */ (question.querySelector("[name=variant]"));
  if (field) field.value = variant;
  question.dataset.varies = own;
}

/** @param {Element} list @param {string} own @param {string} question */
function shuffle(list, own, question) {
  const items = [...list.querySelectorAll(".choice, .row")];
  /** @param {Element} item */
  const rank = (item) => {
    const field = /** @type {HTMLInputElement} */ (item.querySelector("input, select"));
    return chance(own, question, item.matches(".row") ? field.name : field.value);
  };
  const moving = items.filter((item) => !item.hasAttribute("data-stays"));
  moving.sort((one, other) => rank(one) - rank(other));
  list.append(...items.map((item) => (item.hasAttribute("data-stays") ? item : /** @type {Element} */ (moving.shift()))));
}

/**
 * Count the seconds for which something is in view, on a page that is in front. Returns what reads them.
 * @param {Element} element
 */
export function stopwatch(element) {
  let seconds = 0;
  let since = 0;
  let inView = false;
  const turn = () => {
    const now = performance.now() / 1000;
    if (since) seconds += now - since;
    since = inView && document.visibilityState === "visible" ? now : 0;
  };
  new IntersectionObserver(([{ isIntersecting }]) => {
    inView = isIntersecting;
    turn();
  }).observe(element);
  const hidden = () => (element.isConnected ? turn() : document.removeEventListener("visibilitychange", hidden));
  document.addEventListener("visibilitychange", hidden);
  return () => {
    turn();
    return Math.round(seconds * 10) / 10;
  };
}
