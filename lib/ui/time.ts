/**
 * Formats times in a time zone. On a first visit the server doesn't know the reader's: it uses UTC, and the page corrects
 * itself and leaves a cookie for the next time.
 * @module
 */
import { LOCALE } from "@/lib/ui/locale.ts";

/** The default time zone. */
export const UTC = "UTC";

// Zones come from a cookie, so there can be any number of spellings.
const CACHED_ZONES = 64;

/** Writes a time, in milliseconds since 1970, in a time zone. */
type Format = (at: number, zone: string) => string;

function formatter(options: Intl.DateTimeFormatOptions): Format {
  const cache = new Map<string, Intl.DateTimeFormat>();
  return (at, zone) => {
    const known = cache.get(zone);
    if (known) return known.format(at);
    const format = new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options });
    if (cache.size >= CACHED_ZONES) cache.clear();
    cache.set(zone, format);
    return format.format(at);
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

/** Hours and minutes. */
export const clock = formatter({ hour: "2-digit", minute: "2-digit" });
/** A short date and time, for lists. */
export const shortTime = formatter({ dateStyle: "medium", timeStyle: "short" });
/** The date, with its year. */
export const dayOf = formatter({ day: "numeric", month: "long", year: "numeric" });
/** The full date and time, for tooltips. */
export const fullTime = formatter({ dateStyle: "full", timeStyle: "short" });
/** A key that two times share if they are on the same day in the zone. */
export const dayKey = formatter({ year: "numeric", month: "2-digit", day: "2-digit" });
const dayAndMonth = formatter({ weekday: "long", day: "numeric", month: "long" });

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
  return (key.slice(-4) === dayKey(now, zone).slice(-4) ? dayAndMonth : dayOf)(at, zone);
}

/** A time for the attribute `datetime`. */
export function machineTime(at: number): string {
  return new Date(at).toISOString();
}
