/**
 * Times as people read them, in a time zone. The server does not know the reader's zone on a first visit: it says UTC, and
 * the page corrects itself and leaves a cookie for the next time.
 * @module
 */
import { LOCALE } from "@/lib/ui/strings.ts";

/** The zone of whoever has not said one. */
export const UTC = "UTC";

interface Formats {
  readonly clock: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly dayOfYear: Intl.DateTimeFormat;
  readonly short: Intl.DateTimeFormat;
  readonly full: Intl.DateTimeFormat;
  readonly key: Intl.DateTimeFormat;
}

const cache = new Map<string, Formats>();
// Zones come from a cookie, so there may be many made-up spellings of few zones.
const CACHED_ZONES = 64;

function formats(zone: string): Formats {
  const known = cache.get(zone);
  if (known) return known;
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options });
  const made = {
    clock: format({ hour: "2-digit", minute: "2-digit" }),
    day: format({ weekday: "long", day: "numeric", month: "long" }),
    dayOfYear: format({ day: "numeric", month: "long", year: "numeric" }),
    short: format({ dateStyle: "medium", timeStyle: "short" }),
    full: format({ dateStyle: "full", timeStyle: "short" }),
    key: format({ year: "numeric", month: "2-digit", day: "2-digit" }),
  };
  if (cache.size >= CACHED_ZONES) cache.clear();
  cache.set(zone, made);
  return made;
}

/** The zone's name if the runtime knows it, else UTC. */
export function validZone(zone: string | undefined): string {
  if (!zone) return UTC;
  try {
    new Intl.DateTimeFormat(LOCALE, { timeZone: zone });
    return zone;
  } catch {
    return UTC;
  }
}

/** Hours and minutes of a time in milliseconds since 1970. */
export function clock(at: number, zone: string): string {
  return formats(zone).clock.format(at);
}

/** The date and time in short, for a list. */
export function shortTime(at: number, zone: string): string {
  return formats(zone).short.format(at);
}

/** The date, with its year. */
export function dayOf(at: number, zone: string): string {
  return formats(zone).dayOfYear.format(at);
}

/** The whole date and time, for a tooltip. */
export function fullTime(at: number, zone: string): string {
  return formats(zone).full.format(at);
}

/** Equal for two times of the same calendar day in the zone, and different otherwise. */
export function dayKey(at: number, zone: string): string {
  return formats(zone).key.format(at);
}

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
const DAY = 86_400_000;

/** A day as a heading: "Today", "Yesterday", else the date, with its year if it is not this one. */
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

/** A time for the `datetime` attribute. */
export function machineTime(at: number): string {
  return new Date(at).toISOString();
}
