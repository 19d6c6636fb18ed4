export interface FieldError {
  resource: string
  code: string
  field?: string
  message?: string
}

/** An answer that GitHub gives instead of what was asked for. */
export class ApiError extends Error {
  readonly status: number
  readonly errors: ReadonlyArray<FieldError | string> | undefined
  readonly headers: Record<string, string>

  constructor(
    status: number,
    message: string,
    options: { errors?: ReadonlyArray<FieldError | string>; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.status = status
    this.errors = options.errors
    this.headers = options.headers ?? {}
  }

  get body() {
    return {
      message: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
      documentation_url: 'https://docs.github.com/rest',
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
