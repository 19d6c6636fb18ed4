import { UserError } from '@modelyard/spec'
import { z } from 'zod'

/** What a Great Expectations suite asks once. */
export interface Expectation {
  /** `expect_column_values_to_be_unique`. */
  type: string
  kwargs: Record<string, unknown>
  severity: string
  /** What its author said of it. */
  description: string | undefined
}

const Text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(' '))]).nullish()

/** As Great Expectations 1.x writes it, and 0.x, which has other keys. Everything else in it describes. */
const Suite = z.looseObject({
  name: z.string().optional(),
  expectation_suite_name: z.string().optional(),
  expectations: z.array(
    z
      .looseObject({
        type: z.string().optional(),
        expectation_type: z.string().optional(),
        kwargs: z.record(z.string(), z.unknown()).default({}),
        severity: z.string().default('critical'),
        description: Text,
        notes: Text,
      })
      .transform(({ type, expectation_type, kwargs, severity, description, notes }, context): Expectation => {
        const name = type ?? expectation_type
        if (name === undefined) context.addIssue({ code: 'custom', message: 'it has no type' })
        return { type: name ?? '', kwargs, severity, description: description ?? notes ?? undefined }
      }),
  ),
})

/** Reads a suite. Throws a `UserError` for what is none; `file` is for messages. */
export function readSuite(text: string, file: string): { name: string; expectations: Expectation[] } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new UserError(`${file} is no JSON: ${(cause as Error).message}. Give the suite's file.`, { cause })
  }
  const { data, error } = Suite.safeParse(json)
  if (!data) {
    const { path, message } = error.issues[0]!
    throw new UserError(
      `${file} is no suite of Great Expectations: ${path.join('.') || 'the file'}: ${message}. Give a suite's file, as its context keeps it in gx/expectations.`,
    )
  }
  return { name: data.name ?? data.expectation_suite_name ?? 'suite', expectations: data.expectations }
}
