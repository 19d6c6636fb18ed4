import type { Rule } from './rule.ts'

const DOCS = 'https://docs.github.com/en/rest/repos/contents'

export const CONTENTS: readonly Rule[] = [
  {
    id: 'contents/sha-of-what-is-replaced',
    rule: 'A file that is there is replaced only by who says its blob: 422 without `sha`, 409 with another.',
    source: `${DOCS}#create-or-update-file-contents`,
    test: 'contents.test.ts',
    takeOut: {
      file: 'routes/contents/write.ts',
      from: 'if (entry && body.sha === undefined)',
      to: 'if (entry && body.sha === null)',
    },
  },
  {
    id: 'contents/links-are-followed',
    rule: 'A symbolic link to a file of the repository is shown as that file, any other as a link.',
    source: `${DOCS}#get-repository-content`,
    test: 'contents.test.ts',
    takeOut: { file: 'routes/contents/contents.ts', from: 'found.mode === SYMLINK ?', to: 'found.mode === null ?' },
  },
  {
    id: 'contents/submodules-among-files',
    rule: 'In the list of a folder a submodule is a «file», by itself a «submodule».',
    source: `${DOCS}#get-repository-content`,
    test: 'contents.test.ts',
    takeOut: {
      file: 'routes/contents/contents.ts',
      from: "shape.type === 'submodule' ? { ...shape, type: 'file' } : shape",
      to: 'shape',
    },
  },
  {
    id: 'contents/large-files-are-left-out',
    rule: 'Of a file above 1 MB the content is empty and the encoding «none»; as raw it is there.',
    source: `${DOCS}#get-repository-content`,
    test: 'contents.test.ts',
    takeOut: {
      file: 'routes/contents/contents.ts',
      from: 'const isShown = entry.size <= MB',
      to: 'const isShown = true',
    },
  },
  {
    id: 'contents/folders-end-at-a-thousand',
    rule: 'No more than 1,000 entries of a folder are shown.',
    source: `${DOCS}#get-repository-content`,
    test: 'contents.test.ts',
    takeOut: { file: 'routes/contents/contents.ts', from: '.slice(0, MOST_ENTRIES)', to: '' },
  },
  {
    id: 'contents/base64-in-lines',
    rule: 'Base64 comes in lines of 60 characters.',
    source: 'https://github.com/nubank/clj-github-mock/pull/8',
    test: 'contents.test.ts',
    takeOut: { file: 'shapes/contents.ts', from: "'$&\\n'", to: "'$&'" },
  },
  {
    id: 'contents/paths-stay-inside',
    rule: 'A path with `..`, `.` or `.git` is refused: 422 «malformed path component».',
    source: 'https://github.com/joshcai/leetcode-sync/issues/22',
    test: 'contents.test.ts',
    takeOut: { file: 'routes/contents/write.ts', from: 'if (!isPath(path))', to: "if (path === '')" },
  },
  {
    id: 'contents/paths-without-slash',
    rule: 'A path that begins with a slash is refused: 422 «path cannot start with a slash».',
    source: 'https://github.com/jayfk/statuspage/issues/293',
    test: 'contents.test.ts',
    takeOut: { file: 'routes/contents/write.ts', from: "if (path.startsWith('/'))", to: "if (path === '')" },
  },
  {
    id: 'contents/readme-of-dot-github-first',
    rule: 'The README of `.github` comes before that of the root, and that before the one of `docs`.',
    source: 'https://github.com/puppetlabs/puppetlabs-peadm/pull/182',
    test: 'contents.test.ts',
    takeOut: { file: 'routes/contents/contents.ts', from: "['.github', '', 'docs']", to: "['', '.github', 'docs']" },
  },
  {
    id: 'contents/archives-expire',
    rule: 'The address of a private repository’s archive leads somewhere for five minutes.',
    source: `${DOCS}#download-a-repository-archive-tar`,
    test: 'contents.test.ts',
    takeOut: {
      file: 'routes/contents/archives.ts',
      from: '(token?.until ?? 0) > hub.clock.time().getTime()',
      to: 'true',
    },
  },
]
