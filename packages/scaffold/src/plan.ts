import { posix } from 'node:path'
import { UserError } from '@modelyard/spec'
import { chooseData } from './choose-data.ts'
import { detectCml } from './detectors/cml.ts'
import { detectDvc } from './detectors/dvc.ts'
import type { Finding } from './detectors/finding.ts'
import { detectMlproject } from './detectors/mlproject.ts'
import { detectNotebook } from './detectors/notebook.ts'
import { detectScript, isScript } from './detectors/script.ts'
import { importedModules, withImports } from './imports.ts'
import { labelsOfSettings, mentionedSettings, scalarsOf } from './mentions.ts'
import type { Code } from './python/code.ts'
import { type PythonFacts, readPython } from './python/facts.ts'
import type { Coding } from './python/label.ts'
import { MODEL_FILES } from './python/paths.ts'
import type { Survey } from './survey.ts'

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
  /** Columns that the code learns all at once, unless the user said which is the label. */
  several: string[]
  family: PythonFacts['family']
  /** Whether the user said the label. */
  labelIsSaid: boolean
  /** By column, where the code does not take the values as they are. */
  codings: ReadonlyMap<string, Coding>
  /** Whether the code numbers names in their order, in some way that is not told apart from that of the label. */
  encodes: boolean
  /** The files that decide what training makes: scripts, what they import, settings, requirements. */
  inputs: string[]
  /** The modules that the code imports, by their first names. */
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
    several: said.label === '' ? (facts.findLast(({ several }) => several.length > 0)?.several ?? []) : [],
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
  if (inside.length > 0) return [...new Set(inside)]
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
