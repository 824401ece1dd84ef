import * as z from "zod";

type Changeable<Field> =
  Field extends z.ZodDefault<infer Inner extends z.ZodType>
    ? z.ZodOptional<Inner>
    : Field extends z.ZodOptional<infer Inner extends z.ZodType>
      ? z.ZodOptional<z.ZodNullable<Inner>>
      : Field extends z.ZodType
        ? z.ZodOptional<Field>
        : never;

type Shown<Field> = Field extends z.ZodDefault<infer Inner> ? Inner : Field;

/** These fields in a change: an absent one stays as it is; null removes one that may be absent. */
export function changeable<Shape extends z.ZodRawShape>(shape: Shape): { [Key in keyof Shape]: Changeable<Shape[Key]> } {
  const changes = Object.entries(shape).map(([key, field]) => {
    if (field instanceof z.ZodDefault) return [key, (field.unwrap() as z.ZodType).optional()];
    if (field instanceof z.ZodOptional) return [key, (field.unwrap() as z.ZodType).nullable().optional()];
    return [key, (field as z.ZodType).optional()];
  });
  return Object.fromEntries(changes) as { [Key in keyof Shape]: Changeable<Shape[Key]> };
}

/** The same fields as they are read: those with a default are always present. */
export function shown<Shape extends z.ZodRawShape>(shape: Shape): { [Key in keyof Shape]: Shown<Shape[Key]> } {
  const fields = Object.entries(shape).map(([key, field]) => [key, field instanceof z.ZodDefault ? field.unwrap() : field]);
  return Object.fromEntries(fields) as { [Key in keyof Shape]: Shown<Shape[Key]> };
}
