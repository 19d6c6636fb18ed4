import { posix } from 'node:path'
import { UserError } from '@modelyard/spec'
import { detectCml } from './detectors/cml.ts'
import { detectDvc } from './detectors/dvc.ts'
import type { Finding } from './detectors/finding.ts'
import { detectMlproject } from './detectors/mlproject.ts'
import { detectNotebook } from './detectors/notebook.ts'
import { detectScript, isScript } from './detectors/script.ts'
import type { Code } from './python/code.ts'
import { type PythonFacts, readPython } from './python/facts.ts'
import type { Coding } from './python/label.ts'
import { MODEL_FILES } from './python/paths.ts'
import { readYaml, scalars } from './settings.ts'
import type { Survey } from './survey.ts'

export type { Finding, Habit } from './detectors/finding.ts'

/** How this repository trains, as its files say it. Paths are relative to the model's folder. */
export interface Plan {
  finding: Finding
  /** The data: files that are divided already, or one that holds all. */
  data: { train: string; holdout: string } | { all: string }
  /** What the code saves: an ONNX file, or a scikit-learn model by joblib or pickle. */
  model: string
  /** What it saves beside that, and what is left out. */
  models: string[]
  /** Columns that could be the label, the likeliest first. */
  labels: string[]
  family: PythonFacts['family']
  /** Whether the user said the label. */
  labelIsSaid: boolean
  /** By column, where the code does not fit the label's values as they are. */
  codings: ReadonlyMap<string, Coding>
  /** Whether the code numbers names in their order, in some way that is not told apart from that of the label. */
  encodes: boolean
  /** The files that decide what training makes: scripts, what they import, settings, requirements. */
  inputs: string[]
  /** Modules that the code imports and that are no files of the repository. */
  imports: string[]
}

/** What the user says instead of letting it be found; '' for nothing. */
export interface Said {
  data: string
  label: string
}

/** The first that finds something counts: a pipeline says more than a script alone. */
const DETECTORS = [detectDvc, detectMlproject, detectCml, detectScript, detectNotebook]

/** Decides how to train. Pure. Throws a `UserError` that says what is missing and the mend. */
export function plan(survey: Survey, said: Said): Plan {
  const finding = firstFinding(survey)
  const facts = finding.code.map(({ text }) => readPython(text))
  const last = facts.at(-1)!
  const code = finding.code.at(-1)!
  const settings = mentionedSettings(survey, finding.code)
  const [model, ...models] = modelPaths(finding, code, last, survey)
  const imports = importedModules(finding.code, survey)
  refuseOtherFrameworks(code.file, model!, imports)
  return {
    finding,
    data: chooseData(survey, finding, facts, said),
    model: model!,
    models,
    labels:
      said.label === ''
        ? [...new Set([...facts.toReversed().flatMap(({ labels }) => labels), ...labelsOfSettings(survey, settings)])]
        : [said.label],
    family: last.family,
    labelIsSaid: said.label !== '',
    codings: new Map(facts.flatMap(({ codings }) => [...codings])),
    encodes: facts.some(({ encodes }) => encodes),
    inputs: [...new Set([...finding.code.flatMap((each) => withImports(each, survey)), ...settings])],
    imports,
  }
}

function firstFinding(survey: Survey): Finding {
  for (const detect of DETECTORS) {
    const finding = detect(survey)
    if (finding) return finding
  }
  const fitting = [...survey.texts].find(([file, text]) => isScript(file) && readPython(text).fits)?.[0]
  if (fitting !== undefined)
    throw new UserError(
      `${fitting} fits a model and saves it nowhere. Let it end with joblib.dump(model, "model.joblib"), or write ONNX, and run init again.`,
    )
  throw new UserError(
    `No training was found in ${survey.folder || 'this repository'}: no Python script or notebook that fits a model and saves it. Add it, say with --path where it is, or write model.yaml by hand (https://github.com/modelyard/modelyard/blob/v1/docs/model-file.md).`,
  )
}

/** Where the model is saved, and what could be meant by it too; at least one. */
function modelPaths(finding: Finding, { file, runsIn }: Code, { models }: PythonFacts, survey: Survey): string[] {
  if (finding.model !== undefined) return [finding.model]
  const settings = scalarsOf(survey.texts, mentionedSettings(survey, finding.code)).map(([, value]) => value)
  const found = [...models, ...settings.filter((value) => MODEL_FILES.test(value))]
  const inside = found.map((path) => posix.join(runsIn, path)).filter((path) => !/^(?:\/|\.\.)/.test(path))
  if (inside.length > 0) return inside
  throw new UserError(
    `Where ${file} saves the model cannot be told. Let it write a path that stands in the code, like joblib.dump(model, "model.joblib"), or ONNX, and run init again.`,
  )
}

/** Frameworks whose models scikit-learn's converter does not know. */
const OTHERS = ['catboost', 'keras', 'lightgbm', 'tensorflow', 'torch', 'xgboost']

function refuseOtherFrameworks(file: string, model: string, imports: string[]): void {
  const other = imports.find((module) => OTHERS.includes(module))
  if (other === undefined || /\.onnx$/i.test(model)) return
  throw new UserError(
    `${file} uses ${other}, and init turns models of scikit-learn alone into ONNX. Let it write its model as an .onnx file, and run init again.`,
  )
}

const TRAIN = /(?:^|[^a-z])train(?:ing)?(?![a-z])/i
const HOLDOUT = /(?:^|[^a-z])(?:test|hold_?-?out|valid(?:ation)?|val|eval)(?![a-z])/i

function chooseData(survey: Survey, finding: Finding, facts: PythonFacts[], said: Said): Plan['data'] {
  if (survey.data.length === 0)
    throw new UserError(
      `No data file was found in ${survey.folder || 'this repository'}: no .csv, .parquet or .jsonl that git or DVC keeps here. Add the data (or fetch them with \`dvc pull\`), and run init again.`,
    )
  if (said.data !== '') {
    const file = posix.normalize(said.data)
    if (survey.data.includes(file)) return { all: file }
    throw new UserError(
      `The option --data is ${JSON.stringify(said.data)}, which is no data file here. There are: ${some(survey.data)}.`,
    )
  }
  const read = finding.code.flatMap(({ runsIn }, index) => mentioned(survey.data, facts[index]!.paths, runsIn))
  const told = [
    ...finding.commands.flatMap((command) => mentioned(survey.data, command.split(/[\s=]+/), '')),
    ...finding.data,
  ]
  const settings = scalarsOf(survey.texts, mentionedSettings(survey, finding.code)).map(([, value]) => value)
  const files = [...new Set([...read, ...told, ...mentioned(survey.data, settings, '')])].filter((file) =>
    survey.data.includes(file),
  )
  const candidates = files.length > 0 ? files : survey.data
  const [train, holdout] = [candidates.filter((file) => TRAIN.test(file)), candidates.filter(isHoldout)]
  if (train.length === 1 && holdout.length === 1) return { train: train[0]!, holdout: holdout[0]! }
  if (candidates.length === 1) return { all: candidates[0]! }
  throw new UserError(
    `Which file holds the data of the model cannot be told: there are ${some(candidates)}. Say it with --data.`,
  )
}

function isHoldout(file: string): boolean {
  return HOLDOUT.test(file) && !TRAIN.test(posix.basename(file))
}

function some(names: string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
}

/** Files that texts of some code name: by their path from where it runs, or by a name that only one has. */
function mentioned(files: string[], texts: string[], runsIn: string): string[] {
  return files.filter((file) =>
    texts.some(
      (text) =>
        posix.join(runsIn, text) === file ||
        (posix.basename(text) === posix.basename(file) &&
          files.filter((other) => posix.basename(other) === posix.basename(file)).length === 1),
    ),
  )
}

function mentionedSettings({ texts }: Survey, code: Code[]): string[] {
  const settings = [...texts.keys()].filter(
    (file) => /\.(?:ya?ml|toml)$/.test(file) && !/(?:^|\/)(?:dvc\.ya?ml$|\.)/.test(file),
  )
  return [...new Set(code.flatMap(({ text, runsIn }) => mentioned(settings, readPython(text).paths, runsIn)))]
}

function scalarsOf(texts: Survey['texts'], files: string[]): Array<[string, string]> {
  return files.filter((file) => /\.ya?ml$/.test(file)).flatMap((file) => scalars(readYaml(texts.get(file))))
}

function labelsOfSettings({ texts }: Survey, files: string[]): string[] {
  return scalarsOf(texts, files)
    .filter(([key]) => /^(?:label|target)(?:_?col(?:umn)?|_?name)?$/i.test(key))
    .map(([, value]) => value)
}

/** A script, and the files of the repository that it imports, however deep. */
function withImports(code: Code, survey: Survey, seen = new Set<string>()): string[] {
  if (seen.has(code.file)) return []
  seen.add(code.file)
  const inner = localImports(code, survey).flatMap((file) =>
    withImports({ ...code, file, text: survey.texts.get(file)! }, survey, seen),
  )
  return [code.file, ...inner]
}

function localImports({ file, text, runsIn }: Code, { texts }: Survey): string[] {
  const from = [...text.matchAll(/^[ \t]*from\s+([\w.]+)\s+import\s+([\w, \t]+)/gm)].flatMap(([, module, names]) =>
    names!.split(',').map((name) => `${module}.${name.trim().split(/\s/)[0]}`),
  )
  const modules = [...readPython(text).imports, ...from]
  return modules.flatMap((module) => {
    const path = module.replace(/^\.+/, '').replaceAll('.', '/')
    const places = [posix.dirname(file), runsIn, ''].flatMap((folder) => [
      posix.join(folder, `${path}.py`),
      posix.join(folder, path, '__init__.py'),
    ])
    return places.find((place) => texts.has(place)) ?? []
  })
}

function importedModules(code: Code[], survey: Survey): string[] {
  const files = [...new Set(code.flatMap((each) => withImports(each, survey)))]
  const texts = [...code.map(({ text }) => text), ...files.map((file) => survey.texts.get(file)!)]
  return [...new Set(texts.flatMap((text) => readPython(text).imports).map((module) => module.split('.')[0]!))].sort()
}
