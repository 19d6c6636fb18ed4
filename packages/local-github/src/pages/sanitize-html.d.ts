declare module 'sanitize-html' {
  interface Options {
    allowedTags?: string[]
    allowedAttributes?: Record<string, string[]>
    allowedSchemes?: string[]
  }
  function sanitize(dirty: string, options?: Options): string
  namespace sanitize {
    const defaults: Required<Options>
  }
  export default sanitize
}
