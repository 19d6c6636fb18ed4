export interface FieldError {
  resource: string
  code: string
  field?: string
  message?: string
  /** What became of the contexts that a deployment waits for. */
  contexts?: ReadonlyArray<{ context: string; state: string }>
}

/** An answer that GitHub gives instead of what was asked for. */
export class ApiError extends Error {
  readonly status: number
  readonly errors: ReadonlyArray<FieldError | string> | undefined
  readonly headers: Record<string, string>
  readonly docs: string | undefined
  readonly url: string | undefined

  constructor(
    status: number,
    message: string,
    options: {
      errors?: ReadonlyArray<FieldError | string>
      headers?: Record<string, string>
      docs?: string
      url?: string
    } = {},
  ) {
    super(message)
    this.status = status
    this.errors = options.errors
    this.headers = options.headers ?? {}
    this.docs = options.docs
    this.url = options.url
  }

  get body() {
    return this.bodyFor(undefined)
  }

  /** The body that names an operation's page of GitHub's documentation, where the error has none of its own. */
  bodyFor(docs: string | undefined) {
    return {
      message: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
      ...(this.url ? { url: this.url } : {}),
      documentation_url: this.docs ?? docs ?? 'https://docs.github.com/rest',
      status: String(this.status),
    }
  }
}

export const notFound = () => new ApiError(404, 'Not Found')

export const unprocessable = (message: string) => new ApiError(422, message)

/** `invalid('Release', 'already_exists', 'tag_name')`: GitHub's «Validation Failed». */
export function invalid(resource: string, code: string, field: string, message?: string): ApiError {
  const error = { resource, code, field, ...(message ? { message } : {}) }
  return new ApiError(422, 'Validation Failed', { errors: [error] })
}

/** «Validation Failed» where GitHub gives sentences instead of fields. */
export const invalidBecause = (sentence: string) => new ApiError(422, 'Validation Failed', { errors: [sentence] })
