/**
 * JSON as RFC 8785 (JSON Canonicalization Scheme) writes it: no blanks, members by name in UTF-16 order, so that two
 * programs that hold the same value hash the same bytes. Members that are undefined are left out. `value` is JSON.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}
