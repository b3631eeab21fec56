// The bundler replaces this module by one that exports the id as a constant.

/** The id of the build that the server runs. */
export let BUILD_ID = "";

/** Sets the id of the build, once, when an app gets its build. */
export function setBuildId(id: string): void {
  BUILD_ID = id;
}
