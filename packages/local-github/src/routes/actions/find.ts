import { type Ctx, numberParam } from '../../http/app.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import type { Job, PastAttempt, Repository, Run } from '../../store/entities.ts'

/** The run of the path's `:run`; 404 for one of another repository. */
export function runOf({ store }: Hub, repo: Repository, c: Ctx): Run {
  const run = store.runs.get(numberParam(c, 'run'))
  if (run?.repo !== repo.id) throw notFound()
  return run
}

/** The job of the path's `:job`. */
export function jobOf({ store }: Hub, repo: Repository, c: Ctx): Job {
  const job = store.jobs.get(numberParam(c, 'job'))
  if (job?.repo !== repo.id) throw notFound()
  return job
}

/** The attempt of the path's `:attempt`: the newest one is the run itself. */
export function attemptOf(run: Run, c: Ctx): PastAttempt {
  const number = numberParam(c, 'attempt')
  const attempt = [...run.pastAttempts, run].find((each) => each.attempt === number)
  if (!attempt) throw notFound()
  return attempt
}
