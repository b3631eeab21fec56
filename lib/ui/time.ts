/**
 * Formats times in a time zone. On a first visit the server doesn't know the reader's: it uses UTC, and the page corrects
 * itself and leaves a cookie for the next time.
 * @module
 */
import { LOCALE } from "@/lib/ui/locale.ts";

/** The default time zone. */
export const UTC = "UTC";

type Formats = ReturnType<typeof createFormats>;

const cache = new Map<string, Formats>();
// Zones come from a cookie, so there can be any number of spellings.
const CACHED_ZONES = 64;

function formats(zone: string): Formats {
  const known = cache.get(zone);
  if (known) return known;
  const created = createFormats(zone);
  if (cache.size >= CACHED_ZONES) cache.clear();
  cache.set(zone, created);
  return created;
}

function createFormats(timeZone: string) {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(LOCALE, { timeZone, ...options });
  return {
    clock: format({ hour: "2-digit", minute: "2-digit" }),
    day: format({ weekday: "long", day: "numeric", month: "long" }),
    dayOfYear: format({ day: "numeric", month: "long", year: "numeric" }),
    short: format({ dateStyle: "medium", timeStyle: "short" }),
    full: format({ dateStyle: "full", timeStyle: "short" }),
    key: format({ year: "numeric", month: "2-digit", day: "2-digit" }),
  };
}

/** The zone if the runtime knows it, else UTC. */
export function validZone(zone: string | undefined): string {
  if (!zone) return UTC;
  try {
    new Intl.DateTimeFormat(LOCALE, { timeZone: zone });
    return zone;
  } catch {
    return UTC;
  }
}

/** Hours and minutes. Like every time here, `at` is in milliseconds since 1970. */
export function clock(at: number, zone: string): string {
  return formats(zone).clock.format(at);
}

/** A short date and time, for lists. */
export function shortTime(at: number, zone: string): string {
  return formats(zone).short.format(at);
}

/** The date, with its year. */
export function dayOf(at: number, zone: string): string {
  return formats(zone).dayOfYear.format(at);
}

/** The full date and time, for tooltips. */
export function fullTime(at: number, zone: string): string {
  return formats(zone).full.format(at);
}

/** A key that two times share if they are on the same day in the zone. */
export function dayKey(at: number, zone: string): string {
  return formats(zone).key.format(at);
}

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
const DAY = 86_400_000;

/** A day as a heading: "Today", "Yesterday", or the date, with the year unless it's this one. */
export function dayName(at: number, now: number, zone: string): string {
  const key = dayKey(at, zone);
  for (const ago of [0, 1]) {
    if (key === dayKey(now - ago * DAY, zone)) {
      const name = relative.format(-ago, "day");
      return name.slice(0, 1).toLocaleUpperCase(LOCALE) + name.slice(1);
    }
  }
  const { day, dayOfYear } = formats(zone);
  return key.slice(-4) === dayKey(now, zone).slice(-4) ? day.format(at) : dayOfYear.format(at);
}

/** A time for the attribute `datetime`. */
export function machineTime(at: number): string {
  return new Date(at).toISOString();
}
