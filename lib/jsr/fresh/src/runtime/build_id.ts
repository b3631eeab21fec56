// The bundler replaces this module: in the browser the name of the build is part of the code.

/** The name of the build that the server runs. */
export let BUILD_ID = "";

/** Sets the name of the build. Called once, when an app gets its build. */
export function setBuildId(id: string): void {
  BUILD_ID = id;
}
