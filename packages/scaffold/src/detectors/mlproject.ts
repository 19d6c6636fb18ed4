import { entries, get, readYaml } from '../settings.ts'
import { upToTraining } from './commands.ts'
import type { Detector } from './finding.ts'

/** An MLflow project: the command of its main entry point, with the parameters at their defaults. */
export const detectMlproject: Detector = (survey) => {
  const file = 'MLproject'
  const points = entries(get(readYaml(survey.texts.get(file)), 'entry_points'))
  const found = points
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([name, point]) => {
      const command = get(point, 'command')
      const training = typeof command === 'string' && upToTraining([fill(command, get(point, 'parameters'))], survey)
      return training ? [{ name, ...training }] : []
    })
  const [first, ...others] = found
  if (!first) return undefined
  return {
    habit: 'MLflow project',
    file,
    commands: first.commands,
    code: first.code,
    data: [],
    others: others.map(({ name }) => `the entry point ${name}`),
  }
}

function rank(name: string): number {
  return ['main', 'train'].indexOf(name) + 1 || 3
}

/** Parameters are `{name}`, and have a default or are one. */
function fill(command: string, parameters: unknown): string {
  return command.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const parameter = get(parameters, name)
    const value = get(parameter, 'default') ?? (typeof parameter === 'object' ? undefined : parameter)
    return value === undefined ? whole : String(value)
  })
}
