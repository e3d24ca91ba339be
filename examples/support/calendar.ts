/** Dates as people write them, and as ISO 8601 has them: what examples/dates.ts learns to translate. */
import { randint } from "lucidgrad";

const MONTHS = "January February March April May June July August September October November December".split(" ");
const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const DAYS = 73_040; // from 1 January 1900 to 22 December 2099

/** 1st, 2nd, 3rd, 4th, …; 11th, 12th, 13th; 21st */
function ordinal(day: number): string {
  const ending = day > 10 && day < 14 ? undefined : ["", "st", "nd", "rd"][day % 10];
  return day + (ending || "th");
}

/** The ways to write a date. */
const FORMS: ((day: number, month: string, year: number, weekday: string) => string)[] = [
  (day, month, year) => `${day} ${month} ${year}`,
  (day, month, year) => `${day} ${month.slice(0, 3)} ${year}`,
  (day, month, year) => `${month} ${day}, ${year}`,
  (day, month, year) => `the ${ordinal(day)} of ${month} ${year}`,
  (day, month, year, weekday) => `${weekday}, ${day} ${month} ${year}`,
  (day, month, year, weekday) => `${weekday.slice(0, 3)}, ${month.slice(0, 3)} ${day}, ${year}`,
];

/** Days drawn by chance, each in a form drawn by chance. Every tenth day is held out: no other date is of such a day. */
export function randomDates(count: number, heldOut: boolean): { read: string; written: string }[] {
  const tens = randint(0, DAYS / 10, [count]).data;
  const ones = heldOut ? new Int32Array(count) : randint(1, 10, [count]).data;
  const forms = randint(0, FORMS.length, [count]).data;
  return Array.from({ length: count }, (_, i) => {
    const date = new Date(Date.UTC(1900, 0, 1 + 10 * tens[i] + ones[i]));
    const [day, month] = [date.getUTCDate(), MONTHS[date.getUTCMonth()]];
    const read = FORMS[forms[i]](day, month, date.getUTCFullYear(), WEEKDAYS[date.getUTCDay()]);
    return { read, written: date.toISOString().slice(0, 10) };
  });
}
