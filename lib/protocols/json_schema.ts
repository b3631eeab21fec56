/**
 * From the zod schemas that parse and describe to the JSON Schemas of the API's description.
 * @module
 */
import { z } from "zod";

/** A JSON Schema of the dialect 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Makes JSON Schemas, and keeps those that have a name of their own. */
export class JsonSchemas {
  /** The schemas with names, which the others refer to. */
  readonly named: Record<string, JsonSchema> = {};

  /** What a client may send. */
  input(schema: z.ZodType): JsonSchema {
    return this.#make(schema, "input");
  }

  /** What the server answers. */
  output(schema: z.ZodType): JsonSchema {
    return this.#make(schema, "output", { isBounded: false });
  }

  /** What the text of a parameter stands for. */
  parameter(schema: z.ZodType): JsonSchema {
    return this.#make(schema, "output");
  }

  /** Whether something has to be said in a body of this schema. */
  wants({ $ref, required = [] }: JsonSchema): boolean {
    const named = $ref === undefined ? undefined : this.named[$ref.slice($ref.lastIndexOf("/") + 1)];
    return named ? this.wants(named) : required.length > 0;
  }

  #make(schema: z.ZodType, io: "input" | "output", { isBounded = true } = {}): JsonSchema {
    const { $schema: _dialect, $defs = {}, ...made } = z.toJSONSchema(schema, {
      io,
      override({ jsonSchema }) {
        delete jsonSchema.id;
        // Nothing that a client could do follows from these.
        delete jsonSchema.readOnly;
        if (!isBounded && jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (!isBounded && jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        // The format says it all, and shorter.
        if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
        // Here the pattern is exact, and the format is not.
        if (jsonSchema.format === "email") delete jsonSchema.format;
      },
    });
    for (const [name, definition] of Object.entries($defs)) this.named[name] = atHome(definition);
    return atHome(made);
  }
}

/** The same with references to where OpenAPI keeps schemas. */
function atHome(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'));
}
