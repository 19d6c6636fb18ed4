import { posix } from 'node:path'
import type { Code } from './python/code.ts'
import { readPython } from './python/facts.ts'
import { readYaml, scalars } from './settings.ts'
import type { Survey } from './survey.ts'

/** Files that texts of some code name: by their path from where it runs, or by a name that only one has. */
export function mentioned(files: string[], texts: string[], runsIn: string): string[] {
  return files.filter((file) =>
    texts.some(
      (text) =>
        posix.join(runsIn, text) === file ||
        (posix.basename(text) === posix.basename(file) &&
          files.filter((other) => posix.basename(other) === posix.basename(file)).length === 1),
    ),
  )
}

/** Settings files that code names. */
export function mentionedSettings({ texts }: Survey, code: Code[]): string[] {
  const settings = [...texts.keys()].filter(
    (file) => /\.(?:ya?ml|toml)$/.test(file) && !/(?:^|\/)(?:dvc\.ya?ml$|\.)/.test(file),
  )
  return [...new Set(code.flatMap(({ text, runsIn }) => mentioned(settings, readPython(text).paths, runsIn)))]
}

/** The texts in settings files, with their keys. */
export function scalarsOf(texts: Survey['texts'], files: string[]): Array<[string, string]> {
  return files.filter((file) => /\.ya?ml$/.test(file)).flatMap((file) => scalars(readYaml(texts.get(file))))
}

/** Texts in settings files whose keys say that they are the label. */
export function labelsOfSettings({ texts }: Survey, files: string[]): string[] {
  return scalarsOf(texts, files)
    .filter(([key]) => /^(?:label|target)(?:_?col(?:umn)?|_?name)?$/i.test(key))
    .map(([, value]) => value)
}
