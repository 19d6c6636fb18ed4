import * as core from '@actions/core'
import { disarm, type Problem } from '@modelyard/spec'
import type { Log } from '@modelyard/steps'

const warn: Log['warn'] = (problem) => core.warning(disarm(problem.message), annotation(problem))

/** The workflow log: groups fold, warnings become annotations. Lines of other programs cannot give commands to the runner. */
export const workflowLog: Log = {
  info: (message) => core.info(disarm(message)),
  warn,
  mark: warn,
  group: (title, work) => core.group(disarm(title), work),
}

/** An error as an annotation on its line, where it has one. */
export function annotate(problem: Problem): void {
  core.error(disarm(problem.message), annotation(problem))
}

function annotation({ place }: Problem): core.AnnotationProperties {
  if (!place) return {}
  return {
    file: place.file,
    ...(place.line === undefined ? {} : { startLine: place.line }),
    ...(place.column === undefined ? {} : { startColumn: place.column }),
  }
}
