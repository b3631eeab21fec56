/**
 * Makes the JSON Schemas of the API's description from the zod schemas that parse and describe.
 * @module
 */
import { z } from "zod";

/** A JSON Schema of the dialect 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Makes JSON Schemas, and keeps the named ones apart. */
export class JsonSchemas {
  /** The named schemas, to which the others refer. */
  readonly named: Record<string, JsonSchema> = {};

  /** The schema of what a client sends. */
  input(schema: z.ZodType): JsonSchema {
    return this.#make(schema, "input");
  }

  /** The schema of what the server answers. */
  output(schema: z.ZodType): JsonSchema {
    return this.#make(schema, "output", { isBounded: false });
  }

  /** The schema of a parameter's parsed value. */
  parameter(schema: z.ZodType): JsonSchema {
    return this.#make(schema, "output");
  }

  /** Whether a body of this schema has required fields. */
  hasRequired({ $ref, required = [] }: JsonSchema): boolean {
    const named = $ref === undefined ? undefined : this.named[$ref.slice($ref.lastIndexOf("/") + 1)];
    return named ? this.hasRequired(named) : required.length > 0;
  }

  #make(schema: z.ZodType, io: "input" | "output", { isBounded = true } = {}): JsonSchema {
    const { $schema: _dialect, $defs = {}, ...made } = z.toJSONSchema(schema, {
      io,
      override({ jsonSchema }) {
        delete jsonSchema.id;
        // Clients can't do anything with these.
        delete jsonSchema.readOnly;
        if (!isBounded && jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (!isBounded && jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        // The format says the same, and is shorter.
        if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
        // Here the pattern is exact, and the format isn't.
        if (jsonSchema.format === "email") delete jsonSchema.format;
      },
    });
    for (const [name, definition] of Object.entries($defs)) this.named[name] = relocated(definition);
    return relocated(made);
  }
}

/** Rewrites references to where OpenAPI keeps schemas. */
function relocated(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'));
}
