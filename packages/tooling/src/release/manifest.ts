/** What the npm packages say of themselves alike. */
export const COMMON = {
  license: 'Apache-2.0',
  repository: { type: 'git', url: 'git+https://github.com/modelyard/modelyard.git' },
  type: 'module',
  engines: { node: '>=24' },
}
