/**
 * The device's time zone.
 * @module
 */

/** The device's time zone. It is kept in a cookie, so that the server draws the next page in it. */
export function rememberTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  document.cookie = `tz=${timeZone}; path=/; max-age=31536000; samesite=lax`;
  return timeZone;
}
