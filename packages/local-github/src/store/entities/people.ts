export interface User {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Bot'
  readonly token: string
}
