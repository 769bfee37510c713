/** Whether two values of JSON are the same, whatever the order of their fields. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && sameJson(member(a, key), member(b, key)))
}

function member(value: object, key: string): unknown {
  return (value as Record<string, unknown>)[key]
}
