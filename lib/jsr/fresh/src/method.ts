/** The methods that handlers can exist for. */
const METHODS = ["GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;

/** A method that a handler can exist for. */
export type Method = typeof METHODS[number];

/** Whether a handler can exist for a method. */
export function isMethod(method: string): method is Method {
  return METHODS.some((known) => known === method);
}
