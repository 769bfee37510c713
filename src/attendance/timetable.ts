/** One lesson slot of a class, in milliseconds since 1970 UTC. `[start, end)`. */
export interface Session {
  readonly id: string
  readonly start: number
  readonly end: number
}
