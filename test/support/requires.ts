import { describe } from 'vitest'

/**
 * A block of tests that needs something a machine may lack (a browser, Electron, PostgreSQL …).
 * Absent: one skipped test that says why. Absent in CI: a failure, because CI installs everything.
 */
export function describeIf(absent: string | null, name: string, body: () => void): void {
  if (absent === null) {
    describe(name, body)
    return
  }
  if (process.env.CI === 'true') throw new Error(`${name}: ${absent}, but nothing may be absent in CI`)
  describe.skip(`${name} (skipped: ${absent})`, body)
}
