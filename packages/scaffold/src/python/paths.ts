import { posix } from 'node:path'
import { constantsOf, QUOTED, textOf } from './code.ts'

/** What a scikit-learn or ONNX model is saved as. */
export const MODEL_FILES = /\.(?:onnx|joblib|pkl|pickle|sav)$/i

const CALLED_MODEL = /model|clf|classif|regress|pipe|estimator|onnx$/i

/** Texts that could be paths: as they stand, and as `Path(…) / …` and `os.path.join` put them together. */
export function pathsOf(text: string): string[] {
  const names = new Map([...constantsOf(text), ...foldersOf(text)])
  const single = [...text.matchAll(new RegExp(QUOTED, 'g'))].map(([, double, other]) => double ?? other!)
  const divided = [
    ...text.matchAll(/(?:\bPath\(([^()\n]+)\)|\b([A-Za-z_]\w*))((?:\s*\/\s*(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z_]\w*))+)/g),
  ].map(([, path, name, rest]) => [path ?? name!, ...rest!.split('/').slice(1)])
  const listed = [...text.matchAll(/\b(?:path\.join|Path)\(([^()\n]+,[^()\n]+)\)/g)].map(([, list]) => list!.split(','))
  const joined = [...divided, ...listed]
    .map((parts) => parts.map((part) => textOf(part.trim(), names)))
    .flatMap((parts) => (parts.includes(undefined) ? [] : [posix.join(...(parts as string[]))]))
  return [...new Set([...joined, ...single].filter((each) => each !== ''))]
}

/** Names that stand for a folder: `DATA = Path("data")`, `HERE = Path(__file__).parent`. */
function foldersOf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, argument] of text.matchAll(/^[ \t]*(\w+)\s*=\s*(?:pathlib\.)?Path\(([^()\n]*)\)\s*$/gm)) {
    const folder = argument!.trim() === '' ? '.' : textOf(argument!.trim(), constantsOf(text))
    if (folder !== undefined) found.set(name!, folder)
  }
  return found
}

/** The files that models are saved to, the likeliest first: ONNX, what is written, what is called a model. */
export function modelsOf(text: string): string[] {
  const written = [...text.matchAll(/^.*(?:dump\(|["']wb["']|\bwrite_bytes\().*$/gm)].map(([line]) => line)
  const rank = (path: string) => {
    const name = posix.basename(path)
    const isWritten = written.some((line) => line.includes(name))
    return (/\.onnx$/i.test(name) ? 4 : 0) + (isWritten ? 2 : 0) + (CALLED_MODEL.test(name) ? 1 : 0)
  }
  const paths = pathsOf(text).filter((path) => MODEL_FILES.test(path))
  const whole = paths.filter((path) => !paths.some((other) => other !== path && other.endsWith(`/${path}`)))
  return whole.sort((a, b) => rank(b) - rank(a))
}
