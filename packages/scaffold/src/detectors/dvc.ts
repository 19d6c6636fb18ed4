import { posix } from 'node:path'
import { MODEL_FILES } from '../python/paths.ts'
import { entries, get, readYaml, texts } from '../settings.ts'
import { codeOf, trains } from './commands.ts'
import type { Detector } from './finding.ts'

interface Stage {
  name: string
  commands: string[]
  deps: string[]
  outs: string[]
}

/** A DVC pipeline: the stage that trains, and the stages that make what it needs. */
export const detectDvc: Detector = (survey) => {
  const file = 'dvc.yaml'
  const pipeline = readYaml(survey.texts.get(file))
  const params = readYaml(survey.texts.get('params.yaml'))
  const stages = entries(get(pipeline, 'stages')).map(([name, stage]) => readStage(name, stage, params))
  const scripts = (stage: Stage) => stage.commands.flatMap((command) => codeOf(command, survey) ?? [])
  const training = stages.filter((stage) => scripts(stage).some(({ text }) => trains(text)))
  const last = training.at(-1)
  if (!last) return undefined
  const needed = inOrder(last, stages)
  const made = new Set(needed.flatMap(({ outs }) => outs))
  const model = last.outs.find((out) => MODEL_FILES.test(out))
  return {
    habit: 'DVC pipeline',
    file,
    commands: needed.flatMap(({ commands }) => commands),
    code: needed.flatMap(scripts),
    ...(model !== undefined && { model }),
    data: needed.flatMap(({ deps }) => deps).filter((dep) => !made.has(dep)),
    others: training.slice(0, -1).map(({ name }) => `the stage ${name}`),
  }
}

function readStage(name: string, stage: unknown, params: unknown): Stage {
  const fill = (text: string) =>
    text.replace(/\$\{\s*([\w.]+)\s*\}/g, (whole, path: string) => String(get(params, ...path.split('.')) ?? whole))
  const list = (key: string) => texts(get(stage, key)).map(fill)
  const folder = get(stage, 'wdir')
  const within = typeof folder === 'string' && folder !== '.' ? folder : undefined
  const path = (each: string) => posix.join(within ?? '', each)
  return {
    name,
    commands: list('cmd').map((command) => (within === undefined ? command : `cd ${within} && ${command}`)),
    deps: list('deps').map(path),
    outs: [...list('outs'), ...list('metrics'), ...list('plots')].map(path),
  }
}

/** A stage after those that make what it depends on. */
function inOrder(last: Stage, stages: readonly Stage[], seen = new Set<Stage>()): Stage[] {
  if (seen.has(last)) return []
  seen.add(last)
  const before = stages.filter(({ outs }) => outs.some((out) => last.deps.some((dep) => overlap(dep, out))))
  return [...before.flatMap((stage) => inOrder(stage, stages, seen)), last]
}

/** Whether one path is the other, or a folder that holds it. */
function overlap(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b.replace(/\/$/, '')}/`) || b.startsWith(`${a.replace(/\/$/, '')}/`)
}
