import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'

/** A CSV as a dataset. */
export async function csv(text: string): Promise<Dataset> {
  const root = mkdtempSync(join(tmpdir(), 'contract-'))
  writeFileSync(join(root, 'data.csv'), text)
  return openDataset({ root, files: 'data.csv', threads: 2 })
}

/** The same in folders that are columns, such as `year=2001`. */
export async function csvIn(folders: string, text: string): Promise<Dataset> {
  const root = mkdtempSync(join(tmpdir(), 'contract-'))
  mkdirSync(join(root, folders), { recursive: true })
  writeFileSync(join(root, folders, 'data.csv'), text)
  return openDataset({ root, files: '**/*.csv', threads: 2 })
}

/** A contract on one table, from the YAML of its only schema object, indented by two. */
export function contractText(object: string): string {
  return `apiVersion: v3.1.0
kind: DataContract
id: flights
version: 1.0.0
status: active
schema:
- name: flights
${object.replace(/^\n/, '')}`
}
