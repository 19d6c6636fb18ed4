import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ACTIONS, COMPOSITES, ROOT } from './paths.ts'
import type { Generated } from './tasks/generate.ts'

const EVERY = [...ACTIONS, ...COMPOSITES]

/** An action.yml, as far as its README shows it. */
export interface ActionFile {
  name: string
  description: string
  inputs?: Record<string, { description: string; default?: string; required?: boolean }>
  outputs?: Record<string, { description: string; value?: string }>
  runs: { using: string; main?: string }
}

export async function readAction(name: string): Promise<ActionFile> {
  return parse(await readFile(join(ROOT, 'actions', name, 'action.yml'), 'utf8')) as ActionFile
}

/** Each action's README with the tables of its inputs and outputs between the markers. */
export async function actionTable(): Promise<Generated[]> {
  return Promise.all(
    EVERY.map(async (name) => {
      const path = `actions/${name}/README.md`
      return { path, content: between(await readFile(join(ROOT, path), 'utf8'), path, tables(await readAction(name))) }
    }),
  )
}

/** The README of the repository with its table of actions between the markers. */
export async function indexTable(): Promise<Generated> {
  const rows = await Promise.all(
    EVERY.map(async (name) => [`[\`${name}\`](actions/${name}/README.md)`, cell((await readAction(name)).description)]),
  )
  return {
    path: 'README.md',
    content: between(
      await readFile(join(ROOT, 'README.md'), 'utf8'),
      'README.md',
      table(['action', 'what it does'], rows),
    ),
  }
}

function tables({ inputs = {}, outputs = {} }: ActionFile): string {
  const inputRows = Object.entries(inputs).map(([name, { description, default: value, required }]) => [
    `\`${name}\``,
    cell(description),
    required ? 'required' : value === undefined ? '' : `\`${value}\``,
  ])
  const outputRows = Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, cell(description)])
  return `${table(['input', 'what it is', 'default'], inputRows)}\n\n${table(['output', 'what it is'], outputRows)}`
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim()
}

const BEGIN = '<!-- generated: npm run generate -->'
const END = '<!-- end of generated -->'

function between(text: string, path: string, content: string): string {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${path} lacks the markers ${BEGIN} and ${END}.`)
  return `${text.slice(0, begin + BEGIN.length)}\n${content}\n${text.slice(end)}`
}
