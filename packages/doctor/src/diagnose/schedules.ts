import { Cron } from 'croner'
import type { Facts, GitHubFacts } from '../facts.ts'
import { type Diagnosis, fail, ok, orOk, seen, warn } from '../finding.ts'
import { usesModelyard, type WorkflowFile } from '../workflow-file.ts'

/** Whether GitHub knows the workflows of Modelyard, and starts those that it is to start by the clock. */
export function diagnoseSchedules(
  { workflows: known, lastScheduled, repository }: GitHubFacts,
  facts: Facts,
): Diagnosis {
  const ours = facts.workflows.filter((each) => usesModelyard(each))
  return seen(known, 'the workflows', (states) => {
    const found = ours.flatMap((workflow): Diagnosis => {
      const { path, crons } = workflow
      const state = states.find((each) => each.path === path)?.state
      if (state === undefined)
        return warn(
          `GitHub does not know ${path} yet.`,
          `Push it to ${repository.default_branch}: schedules and buttons are read from there.`,
        )
      if (state !== 'active') return diagnoseSwitch(path, state)
      if (crons.length === 0) return []
      return seen(lastScheduled[path] ?? { unknown: 'it was not asked' }, `the runs of ${path}`, (last) =>
        diagnoseClock(workflow, last, facts.now),
      )
    })
    return orOk(
      found,
      ours.length === 0
        ? 'No workflow uses Modelyard.'
        : 'All workflows of Modelyard are switched on, and run when they are to.',
    )
  })
}

const WHY: Record<string, string> = {
  disabled_inactivity: 'GitHub switched it off, as it does after 60 days without a commit',
  disabled_fork: 'the workflows of a fork are off until somebody switches them on',
  disabled_manually: 'somebody switched it off',
}

function diagnoseSwitch(path: string, state: string): Diagnosis {
  return fail(
    `${path} does not run: ${WHY[state] ?? `GitHub calls it ${state}`}.`,
    `gh workflow enable ${path.split('/').at(-1)}`,
  )
}

/** GitHub starts late, and now and then not at all: of the last two times that were due, one must have been kept. */
function diagnoseClock({ path, crons }: WorkflowFile, last: string | null, now: Date): Diagnosis {
  const due: number[] = []
  for (const cron of crons) {
    try {
      const [, before] = new Cron(cron, { timezone: 'UTC', mode: '5-part' }).previousRuns(2, now)
      if (before) due.push(before.getTime())
    } catch {
      return fail(
        `${path} has the schedule ${JSON.stringify(cron)}, which is no cron line.`,
        'Write five fields: minute, hour, day, month, weekday.',
      )
    }
  }
  if (last === null)
    return warn(
      `${path} was never started by its schedule (${crons.join(', ')}).`,
      'If it is new, wait for its first time; else switch it off and on: gh workflow disable, gh workflow enable.',
    )
  if (Date.parse(last) >= Math.max(...due)) return ok(`${path} was last started by its schedule at ${last}.`)
  return fail(
    `${path} was last started by its schedule at ${last}, and has been due twice since (${crons.join(', ')}).`,
    `Switch it off and on: gh workflow disable ${path.split('/').at(-1)}, gh workflow enable ${path.split('/').at(-1)}.`,
  )
}
