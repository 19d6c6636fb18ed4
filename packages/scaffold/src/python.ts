import { posix } from 'node:path'

/** Code of Python, and the folder in which it runs: relative to the model's, '' for itself. */
export interface Code {
  /** The script or notebook. */
  file: string
  text: string
  runsIn: string
}

/** What can be told from Python code without running it. */
export interface PythonFacts {
  fits: boolean
  /** Whether it saves a model in any way that is known. */
  saves: boolean
  /** Texts that could be paths, as they stand, and as `Path(…) / …` and `os.path.join` put them together. */
  paths: string[]
  /** Where it saves the model, relative to where it runs. */
  model?: string
  /** Columns that it takes for the truth, the likeliest first. */
  labels: string[]
  family?: 'classification' | 'regression'
  /** Whether it numbers the classes in the order of their names, as scikit-learn's LabelEncoder does. */
  encodesLabels: boolean
  /** The top-level modules that it imports. */
  imports: string[]
}

const SAVES =
  /\b(?:joblib|pickle|cloudpickle|dill)\.dump\b|\bdump\(|\bto_onnx\(|\bconvert_sklearn\(|\bSerializeToString\(|\bonnx\.save/
const MODEL = /\.(?:onnx|joblib|pkl|pickle|sav)$/i
const CLASSIFIERS =
  /\b(?:\w*Classifier|LogisticRegression(?:CV)?|(?:Linear|Nu)?SVC|(?:Gaussian|Multinomial|Bernoulli|Complement|Categorical)NB|(?:Linear|Quadratic)DiscriminantAnalysis|Perceptron)\(/
const REGRESSORS =
  /\b(?:\w*Regressor|(?:Linear|Bayesian|ARD|Poisson|Gamma|Tweedie|Quantile|Theil\w*)Regress\w*|BayesianRidge|Ridge(?:CV)?|Lasso(?:CV|Lars\w*)?|ElasticNet(?:CV)?|(?:Linear|Nu)?SVR|KernelRidge)\(/

/** Reads Python code, by patterns that common code follows: what it finds are clues, which the data then confirm. */
export function readPython(source: string): PythonFacts {
  const text = withoutComments(source)
  const constants = constantsOf(text)
  const paths = pathsOf(text, constants)
  const model = modelOf(text, paths)
  const family = CLASSIFIERS.test(text) ? 'classification' : REGRESSORS.test(text) ? 'regression' : undefined
  return {
    fits: /\.fit(?:_transform|_predict)?\(/.test(text),
    saves: SAVES.test(text),
    paths,
    ...(model !== undefined && { model }),
    labels: labelsOf(text, constants),
    ...(family && { family }),
    encodesLabels: /\bLabelEncoder\(/.test(text),
    imports: importsOf(text),
  }
}

/** Whole lines of comment alone: a `#` elsewhere may be part of a text. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, '')
}

const TEXT = `[rbuf]{0,2}(?:"([^"\\n]*)"|'([^'\\n]*)')`

function constantsOf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, double, single] of text.matchAll(
    new RegExp(`^[ \\t]*(\\w+)(?:\\s*:\\s*\\w+)?\\s*=\\s*${TEXT}\\s*$`, 'gm'),
  ))
    found.set(name!, double ?? single!)
  return found
}

function pathsOf(text: string, constants: Map<string, string>): string[] {
  const single = [...text.matchAll(new RegExp(TEXT, 'g'))].map(([, a, b]) => a ?? b!)
  const joined = [
    ...text.matchAll(/(?:\bPath\(([^()\n]+)\)|\b([A-Za-z_]\w*))((?:\s*\/\s*(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z_]\w*))+)/g),
  ].map(([, first, name, rest]) => [first ?? name!, ...rest!.split('/').slice(1)])
  const called = [...text.matchAll(/\b(?:path\.join|Path)\(([^()\n]+,[^()\n]+)\)/g)].map(([, list]) => list!.split(','))
  const folders = foldersOf(text, constants)
  const put = [...joined, ...called].map((parts) => parts.map((part) => textOf(part.trim(), constants, folders)))
  const whole = put.flatMap((parts) => (parts.includes(undefined) ? [] : [posix.join(...(parts as string[]))]))
  return [...new Set([...whole, ...single].filter((each) => each !== '' && !/\s{2}|\n/.test(each)))]
}

/** Names that stand for a folder: `DATA = Path("data")`. */
function foldersOf(text: string, constants: Map<string, string>): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, argument] of text.matchAll(/^[ \t]*(\w+)\s*=\s*(?:pathlib\.)?Path\(([^()\n]*)\)\s*$/gm)) {
    const value = argument!.trim() === '' ? '.' : textOf(argument!.trim(), constants)
    if (value !== undefined) found.set(name!, value)
  }
  return found
}

function textOf(word: string, constants: Map<string, string>, folders?: Map<string, string>): string | undefined {
  const quoted = /^[rbuf]{0,2}(["'])(.*)\1$/.exec(word)
  return quoted ? quoted[2] : (constants.get(word) ?? folders?.get(word))
}

/** The file that a model is saved to: an ONNX file before others, and one that is written before one that is read. */
function modelOf(text: string, paths: string[]): string | undefined {
  const models = paths.filter((path) => MODEL.test(path))
  const written = [...text.matchAll(/^.*(?:dump\(|["']wb["']|\bwrite_bytes\().*$/gm)].map(([line]) => line)
  const isWritten = (path: string) => written.some((line) => line.includes(posix.basename(path)))
  const rank = (path: string) => (/\.onnx$/i.test(path) ? 2 : 0) + (isWritten(path) ? 1 : 0)
  return [...models].sort((a, b) => rank(b) - rank(a))[0]
}

/** `y = frame["late"]`, `drop(columns=["late"])`, `pop("late")`, `LABEL = "late"`. */
function labelsOf(text: string, constants: Map<string, string>): string[] {
  const word = `([rbuf]{0,2}(?:"[^"\\n]*"|'[^'\\n]*')|\\w+)`
  const patterns = [
    `^[ \\t]*(?:y\\w*|labels?|targets?)\\s*=\\s*[\\w.]+\\[\\[?\\s*${word}\\s*\\]`,
    `^[ \\t]*\\w*,\\s*(?:y\\w*|labels?|targets?)\\s*=.*,\\s*[\\w.]+\\[\\s*${word}\\s*\\]`,
    `^[ \\t]*(?:y\\w*|labels?|targets?)\\s*=\\s*[\\w.]+\\.(?:loc\\[\\s*:\\s*,|get_column\\()\\s*${word}\\s*[\\])]`,
    `\\.pop\\(\\s*${word}`,
    `\\.drop\\(\\s*(?:columns\\s*=\\s*)?\\[?\\s*${word}\\s*\\]?\\s*(?:,\\s*axis\\s*=\\s*(?:1|["']columns["']))?\\s*\\)`,
    `\\.fit\\([^\\n]*?,\\s*[\\w.]+\\[\\s*${word}\\s*\\]`,
  ]
  const found = patterns.flatMap((pattern) =>
    [...text.matchAll(new RegExp(pattern, 'gm'))].map((match) => textOf(match[1]!, constants)),
  )
  const attributes = [...text.matchAll(/^[ \t]*(?:y|labels?|targets?)\s*=\s*\w+\.(\w+)\s*(?:\.\w+\([^)]*\))?\s*$/gm)]
  const named = [...constants].filter(([name]) => /^(?:LABEL|TARGET|Y)(?:_COL(?:UMN)?|_NAME)?$/i.test(name))
  const all = [...found, ...attributes.map(([, name]) => name), ...named.map(([, value]) => value)]
  return [...new Set(all.filter((each) => each !== undefined && each !== ''))] as string[]
}

function importsOf(text: string): string[] {
  const found = [...text.matchAll(/^[ \t]*(?:from\s+([\w.]+)\s+import|import\s+([\w., \t]+))/gm)].flatMap(
    ([, from, list]) => (from !== undefined ? [from] : list!.split(',').map((each) => each.trim().split(/\s/)[0]!)),
  )
  return [...new Set(found.filter((each) => each !== '' && !each.startsWith('.')))]
}
