import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GitHubError } from '@modelyard/github'
import { type Model, type Predicate, RefusedError, recordsFolder, UserError } from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { findModels } from './models.ts'
import { beginRecord, publishRecord } from './records.ts'

/**
 * Does a step's work for every model that a pattern names. Where it cannot be done, a failure record says why, so that
 * the report can; the other models are still seen to, and then all that went wrong is thrown as one `UserError`.
 */
export async function eachModel<R>(
  context: StepContext,
  pattern: string,
  step: Predicate<'failure'>['step'],
  work: (model: Model) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const errors: UserError[] = []
  for (const model of await findModels(context.root, pattern)) {
    const clock = beginRecord(context)
    await rm(join(context.root, recordsFolder(model.name), 'failure.json'), { force: true })
    try {
      results.push(await work(model))
    } catch (error) {
      const mendable = asUserError(error)
      if (!mendable) throw error
      errors.push(mendable)
      const reasons = mendable.message.split('\n').slice(0, 30)
      const record = await clock.finish('failure', [], { model: model.name, verdict: 'fail', reasons, step })
      await publishRecord(context, 'failure', model.name, record).catch((unpublished: Error) => {
        errors.push(asUserError(unpublished) ?? new UserError(unpublished.message))
      })
    }
  }
  if (errors.length > 0) throw together(errors)
  return results
}

/** Several errors as one; refused by GitHub only if all are. */
export function together(errors: UserError[]): UserError {
  if (errors.length === 1) return errors[0]!
  const problems = errors.flatMap((error) => error.problems)
  return errors.every((error) => error instanceof RefusedError) ? new RefusedError(problems) : new UserError(problems)
}

/** An error that a person can mend: the user's own, or GitHub's refusal; undefined for a bug. */
export function asUserError(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error
  if (error instanceof GitHubError) return new RefusedError(error.message, { cause: error })
  return undefined
}
