// @ts-check
// Ordering rows by dragging a grip or with two buttons. The selects, which also work without this script,
// stay in the form and hold the places.

/** @param {HTMLElement} rows @param {(text: string) => void} announce */
export function order(rows, announce) {
  if (rows.classList.contains("rows--sortable")) return;
  const items = /** @type {HTMLElement[]} */ ([...rows.querySelectorAll(".row")]);
  rows.classList.add("rows--sortable");
  items.sort((one, other) => Number(place(one) > place(other)) - Number(place(one) < place(other)));
  for (const row of items) {
    rows.append(row);
    row.prepend(grip(rows, row, announce));
    const moves = document.createElement("span");
    moves.className = "row__moves";
    moves.append(button(rows, row, announce, -1), button(rows, row, announce, 1));
    row.append(moves);
  }
  number(rows);
}

/** @param {Element} row */
const select = (row) => /** @type {HTMLSelectElement} */ (row.querySelector("select"));
/** A row without a place stays where it is, behind those with one. @param {Element} row */
const place = (row) => Number(select(row).value) || Infinity;
/** @param {Element} row */
const text = (row) => words(row.querySelector(".row__text"));

/** What *element* says, its pictures by the words that stand for them. @param {Element | null | undefined} element */
export function words(element) {
  const copy = /** @type {Element | undefined} */ (element?.cloneNode(true));
  for (const picture of copy?.querySelectorAll("img") ?? []) {
    picture.replaceWith(picture.matches(".course-diagram__dark") ? "" : picture.alt);
  }
  return copy?.textContent?.trim() ?? "";
}

/** Write each row's place into its select. @param {Element} rows */
function number(rows) {
  const all = [...rows.querySelectorAll(".row")];
  all.forEach((row, index) => {
    select(row).value = String(index + 1);
    row.setAttribute("data-place", String(index + 1));
    const [up, down] = row.querySelectorAll(".row__moves button");
    up?.setAttribute("aria-disabled", String(index === 0));
    down?.setAttribute("aria-disabled", String(index === all.length - 1));
  });
}

/** @param {Element} rows @param {Element} row @param {(text: string) => void} announce */
function announcePlace(rows, row, announce) {
  number(rows);
  announce(`${text(row)}: place ${place(row)} of ${rows.querySelectorAll(".row").length}.`);
}

/** @param {Element} rows @param {Element} row @param {(text: string) => void} announce @param {-1 | 1} step */
function button(rows, row, announce, step) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = step < 0 ? "row__move row__move--up" : "row__move row__move--down";
  made.setAttribute("aria-label", `Move ${step < 0 ? "up" : "down"}: ${text(row)}`);
  made.addEventListener("click", () => {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (other?.matches(".row")) {
      if (step < 0) other.before(row);
      else other.after(row);
      made.focus(); // moving the row took it away
    }
    announcePlace(rows, row, announce);
  });
  return made;
}

/** @param {Element} rows @param {HTMLElement} row @param {(text: string) => void} announce */
function grip(rows, row, announce) {
  const made = document.createElement("span");
  made.className = "row__grip";
  made.setAttribute("aria-hidden", "true");
  made.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    // Not the grip but the list holds the pointer, as the grip moves about in the document.
    rows.setPointerCapture(event.pointerId);
    row.classList.add("row--held");
    const stop = new AbortController();
    const { signal } = stop;
    /** @param {Event} moved */
    const move = (moved) => {
      const y = /** @type {PointerEvent} */ (moved).clientY;
      for (const other of rows.querySelectorAll(".row")) {
        if (other === row) continue;
        const { top, bottom } = other.getBoundingClientRect();
        if (y < top || y > bottom) continue;
        // Only past its middle, or rows of different height would swap to and fro.
        const before = row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
        if (before && y > (top + bottom) / 2) other.after(row);
        else if (!before && y < (top + bottom) / 2) other.before(row);
      }
    };
    const end = () => {
      stop.abort();
      row.classList.remove("row--held");
      announcePlace(rows, row, announce);
    };
    rows.addEventListener("pointermove", move, { signal });
    rows.addEventListener("pointerup", end, { signal });
    rows.addEventListener("pointercancel", end, { signal });
  });
  return made;
}
