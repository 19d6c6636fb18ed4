import { posix } from 'node:path'
import type { Code } from './python/code.ts'
import { readPython } from './python/facts.ts'
import type { Survey } from './survey.ts'

/** A script, and the files of the repository that it imports, however deep. */
export function withImports(code: Code, survey: Survey, seen = new Set<string>()): string[] {
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

/** The modules that code imports, and the files of the repository that it imports, by their first name. */
export function importedModules(code: Code[], survey: Survey): string[] {
  const files = [...new Set(code.flatMap((each) => withImports(each, survey)))]
  const texts = [...code.map(({ text }) => text), ...files.map((file) => survey.texts.get(file)!)]
  return [...new Set(texts.flatMap((text) => readPython(text).imports).map((module) => module.split('.')[0]!))].sort()
}
