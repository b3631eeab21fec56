/**
 * The place in the README where the table of figures stands.
 * @module
 */

const PLACE = /(<!-- bench -->\n)[^]*?(<!-- \/bench -->)/;

/** The text with the table between the markers, or undefined where there are none. */
export function withTable(text: string, table: string): string | undefined {
  return PLACE.test(text) ? text.replace(PLACE, (_, begin, end) => `${begin}\n${table}\n\n${end}`) : undefined;
}

/** Writes the table into a file; false where the file or its markers are missing. */
export async function writeTable(path: string, table: string): Promise<boolean> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const written = withTable(text, table);
  if (written === undefined) return false;
  await Deno.writeTextFile(path, written);
  // The formatter sets out tables its own way, and the check of every change wants that.
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] }).output();
  return true;
}
