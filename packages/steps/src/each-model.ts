import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GitHubError } from '@modelyard/github'
import { type Kind, type Model, RefusedError, recordsFolder, UserError } from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { findModels } from './models.ts'
import { beginRecord, loadRecord, publishRecord } from './records.ts'

/** The record of each step that works on every model, in the order in which they follow from one another. */
const LEAVES = { 'validate-data': 'validation', train: 'training', evaluate: 'gate' } as const

type Step = keyof typeof LEAVES
const STEPS = Object.keys(LEAVES) as Step[]

/**
 * Does a step's work for every model that a pattern names. Where it cannot be done, a failure record says why, so that
 * the report can, or `leave` says it in its own way; the other models are still seen to, and then all that went wrong is
 * thrown as one `UserError`. What the step left another time goes first, so that it never passes for what came of this
 * one.
 */
export async function eachModel<R>(
  context: StepContext,
  pattern: string,
  step: Step,
  work: (model: Model) => Promise<R>,
  leave?: (error: UserError, model: Model) => Promise<void>,
): Promise<R[]> {
  const results: R[] = []
  const errors: UserError[] = []
  for (const model of await findModels(context.root, pattern)) {
    const clock = beginRecord(context)
    const records = join(context.root, recordsFolder(model.name))
    await rm(join(records, `${LEAVES[step]}.json`), { force: true })
    const cause = await failedBefore(context, model, step)
    if (!cause) await rm(join(records, 'failure.json'), { force: true })
    try {
      results.push(await work(model))
    } catch (error) {
      const mendable = asUserError(error)
      if (!mendable) throw error
      errors.push(mendable)
      if (cause) continue
      const left = leave ? leave(mendable, model) : leaveFailure(context, model, { clock, step, error: mendable })
      await left.catch((unpublished: Error) => {
        errors.push(asUserError(unpublished) ?? new UserError(unpublished.message))
      })
    }
  }
  if (errors.length > 0) throw together(errors)
  return results
}

async function leaveFailure(
  context: StepContext,
  { name: model }: Model,
  { clock, step, error }: { clock: ReturnType<typeof beginRecord>; step: Step; error: UserError },
): Promise<void> {
  const reasons = error.message.split('\n').slice(0, 30)
  const record = await clock.finish('failure', [], { model, verdict: 'fail', reasons, step })
  await publishRecord(context, 'failure', model, record)
}

/** Whether a step before this one failed and has not been done since: then its failure is why this one fails. */
async function failedBefore(context: StepContext, { name }: Model, step: Step): Promise<boolean> {
  const left = <K extends Kind>(kind: K) => loadRecord(context, kind, name).catch(() => undefined)
  const failure = (await left('failure'))?.predicate
  const failed = STEPS.slice(0, STEPS.indexOf(step)).find((each) => each === failure?.step)
  return failed !== undefined && !(await left(LEAVES[failed]))
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
