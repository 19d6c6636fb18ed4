import { recordsFolder, type VersionAsset, type VersionFile } from '@modelyard/spec'
import { type Block, code, join, link, type Phrase, phrase } from '../document/document.ts'
import { renderMarkdown } from '../document/markdown.ts'
import { formatBytes, shortDigest } from '../document/numbers.ts'
import { quote } from '../document/shell.ts'
import { signatureTable } from './signature.ts'
import { comparison, dataTable, metricTable, owners, toApprove } from './version-facts.ts'

export interface ReleaseContext {
  /** `https://github.com/owner/name`. */
  repositoryUrl: string
  /** The tag of the version: `flight-delay@v1.1.0`. */
  tag: string
  /** The version before this one. */
  previous?: VersionFile
}

/** GitHub takes 125,000 characters for a release's text. */
const BUDGET = 100_000

/** The text of a version's GitHub Release: what changed, how good it is, how to fetch and to verify it. */
export function renderReleasePage(version: VersionFile, context: ReleaseContext): string {
  return renderMarkdown(
    [
      ...(version.description === null ? [] : [{ paragraph: version.description }]),
      {
        paragraph: join([...(context.previous ? [changes(version, context.previous)] : []), comparison(version)], ' '),
      },
      ...toApprove(version),
      metricTable(version),
      ...owners(version),
      { heading: 'Data' },
      dataTable(version),
      { heading: 'Signature' },
      signatureTable(version.signature),
      { heading: 'Assets' },
      assetTable(version, context),
      { heading: 'Fetch it' },
      ...fetching(version, context),
      { heading: 'Verify it' },
      ...verifying(version, context),
    ],
    {
      budget: BUDGET,
      notice: phrase`Shortened. ${code(versionFilePath(version))} in the tag's commit holds all of it.`,
    },
  )
}

/** What is another than in the version before, by digest: files of code by name, and the data. */
function changes(version: VersionFile, previous: VersionFile): Phrase {
  const data = (file: VersionFile, role: 'train' | 'holdout') => file.data.find((each) => each.role === role)?.sha256
  const before = new Map(previous.code.map(({ name, sha256 }) => [name, sha256]))
  const now = new Set(version.code.map(({ name }) => name))
  const files = [
    ...version.code.flatMap(({ name, sha256 }) => (before.get(name) === sha256 ? [] : [name])),
    ...previous.code.flatMap(({ name }) => (now.has(name) ? [] : [name])),
  ]
  const changed: Phrase[] = [
    ...files.map(code),
    ...(data(version, 'train') === data(previous, 'train') ? [] : ['the training data']),
    ...(data(version, 'holdout') === data(previous, 'holdout') ? [] : ['the hold-out']),
  ]
  if (changed.length === 0) return `Code and data are those of ${previous.version}; the model was trained again.`
  return phrase`Changed since ${previous.version}: ${join(changed, ', ')}.`
}

function assetTable({ assets }: VersionFile, context: ReleaseContext): Block {
  return {
    table: {
      head: ['asset', 'size', 'SHA-256'],
      align: ['l', 'r', 'l'],
      rows: assets.map((asset) => [place(asset, context), formatBytes(asset.bytes), code(asset.sha256)]),
    },
  }
}

/** A file by name, and where it is unless it is a file of this release. */
function place({ name, at, pointer }: VersionAsset, { repositoryUrl }: ReleaseContext): Phrase {
  if (pointer !== undefined) return phrase`${code(name)} in ${code(pointer)}`
  if (at === undefined) return code(name)
  return phrase`${code(name)} of ${link(code(at), `${repositoryUrl}/releases/tag/${inPath(at)}`)}`
}

function fetching({ model, version, assets }: VersionFile, { repositoryUrl, tag }: ReleaseContext): Block[] {
  const blocks: Block[] = [
    { paragraph: 'In a workflow:' },
    {
      language: 'yaml',
      listing: [
        '- uses: modelyard/modelyard/actions/fetch-model@v1',
        '  with:',
        `    name: ${JSON.stringify(model)}`,
        `    version: ${JSON.stringify(version)}`,
      ].join('\n'),
    },
    { paragraph: 'On a laptop:' },
    { language: 'sh', listing: `npx modelyard fetch --name ${quote(model)} --version ${quote(version)}` },
  ]
  const [file] = assets
  if (!file) return blocks
  if (file.pointer !== undefined)
    return [...blocks, { paragraph: phrase`The bytes are in the store ${code(file.pointer)}.` }]
  const urls = (file.parts ?? [file]).map(({ name }) => {
    return quote(`${repositoryUrl}/releases/download/${inPath(`${file.at ?? tag}/${name}`)}`)
  })
  return [
    ...blocks,
    { paragraph: 'With nothing but a shell:' },
    {
      language: 'sh',
      listing: [
        ...download(file.name, urls),
        `printf '%s  %s\\n' ${file.sha256} ${quote(file.name)} | sha256sum -c`,
      ].join('\n'),
    },
  ]
}

function inPath(text: string): string {
  return text.split('/').map(encodeURIComponent).join('/')
}

/** Parts are written one after the other. */
function download(name: string, urls: string[]): string[] {
  if (urls.length === 1) return [`curl -fL -o ${quote(name)} ${urls[0]}`]
  return ['curl -fL \\', ...urls.map((url) => `  ${url} \\`), `  > ${quote(name)}`]
}

function verifying(version: VersionFile, { repositoryUrl, tag }: ReleaseContext): Block[] {
  const { source, digests, verdict } = version
  const commit = link(code(shortDigest(source.commit, 7)), `${repositoryUrl}/commit/${source.commit}`)
  return [
    {
      paragraph: phrase`Made from commit ${commit}. The gate said ${code(verdict)}; its record has the digest ${code(digests.gate)}. The tag's commit holds the digests of everything above, and git can read it offline:`,
    },
    { language: 'sh', listing: `git show ${quote(`${tag}:${versionFilePath(version)}`)}` },
    { paragraph: 'To get the same verdict on a laptop, in a clone of the repository with the hold-out in its place:' },
    { language: 'sh', listing: replaying(version, tag) },
  ]
}

/** The release's files in a folder, with the champion where `replay` looks for it. */
function replaying({ model, version, source, champion, assets: [first, ...others] }: VersionFile, tag: string): string {
  const isElsewhere = first !== undefined && (first.parts ?? first.at ?? first.pointer) !== undefined
  return [
    `git fetch origin ${source.commit} && git checkout --detach FETCH_HEAD`,
    `gh release download ${quote(tag)} --dir release`,
    ...(isElsewhere ? [`npx modelyard fetch --name ${quote(model)} --version ${quote(version)} --path release`] : []),
    ...others.flatMap(({ name, at }) =>
      at === undefined ? [] : [`gh release download ${quote(at)} --pattern ${quote(name)} --dir release`],
    ),
    ...(champion === null
      ? []
      : [
          `npx modelyard fetch --name ${quote(model)} --version ${quote(champion)} --path ${quote(`release/champion/${champion}`)}`,
        ]),
    'npx modelyard replay release/gate.json',
  ].join('\n')
}

function versionFilePath({ model }: VersionFile): string {
  return `${recordsFolder(model)}/version.json`
}
