import { entries, get, readYaml } from '../settings.ts'
import { codeOf, upToTraining } from './commands.ts'
import type { Detector } from './finding.ts'

/** A workflow of CML (or another of GitHub) that trains: its lines that run Python, up to the one that trains. */
export const detectCml: Detector = (survey) => {
  if (survey.folder !== '') return undefined
  const found = [...survey.workflows].flatMap(([name, text]) => {
    if (!/\bcml\b/i.test(text)) return []
    // Others, like `python -m pip`, set the machine up.
    const lines = pythonLines(readYaml(text)).filter((line) => codeOf(line, survey))
    const training = upToTraining(lines, survey)
    return training ? [{ file: `.github/workflows/${name}`, ...training }] : []
  })
  const [first, ...others] = found
  if (!first) return undefined
  return { habit: 'CML workflow', ...first, data: [], others: others.map(({ file }) => file) }
}

function pythonLines(workflow: unknown): string[] {
  return entries(get(workflow, 'jobs')).flatMap(([, job]) => {
    const steps = get(job, 'steps')
    return (Array.isArray(steps) ? steps : []).flatMap((step: unknown) => {
      const run = get(step, 'run')
      const folder = get(step, 'working-directory')
      const lines = typeof run === 'string' ? run.replaceAll('\\\n', ' ').split('\n') : []
      return lines
        .map((line) => line.trim())
        .filter((line) => /^python[\d.]*\s/.test(line))
        .map((line) => (typeof folder === 'string' && folder !== '.' ? `cd ${folder} && ${line}` : line))
    })
  })
}
