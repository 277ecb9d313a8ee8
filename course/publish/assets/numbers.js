// @ts-check
// Numbers as people read them, by the same rules as course/content/percent.py and course/content/counts.py.

/** A share in whole percent, rounded down: 100 only for all, and no pass mark before it is reached. @param {number} share */
export const percent = (share) => Math.floor(share * 100 + 1e-7);

/** A number of percent as people read it: "80%". @param {number} number */
export const percentage = (number) => `${number}%`;

/** The one of two forms that goes with *number*. @param {number} number @param {string} singular @param {string} [plural] */
export const pluralise = (number, singular, plural = `${singular}s`) => (number === 1 ? singular : plural);

/** *number* with the noun that goes with it: "2 lessons". @param {number} number @param {string} singular @param {string} [plural] */
export const counted = (number, singular, plural) =>
  `${number.toLocaleString("en-GB")} ${pluralise(number, singular, plural)}`;
