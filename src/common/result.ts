import type { Fault } from './fault.ts'

/** What a total function returns: bytes from outside never make it throw. */
export type Result<T, F = Fault> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F }

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function failed<F>(fault: F): { readonly ok: false; readonly fault: F } {
  return { ok: false, fault }
}

/** The value, or the fault thrown: for callers at the rim where a fault ends the command anyway. */
export function unwrap<T, F extends Error>(result: Result<T, F>): T {
  if (result.ok) return result.value
  throw result.fault
}
