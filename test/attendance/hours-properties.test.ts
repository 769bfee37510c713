import fc from 'fast-check'
import { test } from 'vitest'
import { properties } from './random-history.ts'

/** CI runs a small count with a new seed each time; `test/campaigns/hours.ts --count N --seed S` runs more. */
test.each(Object.entries(properties))('%s', (_name, property) => {
  fc.assert(property, { numRuns: 300 })
})
