import fc from 'fast-check'
import { properties } from '../attendance/random-history.ts'
import { campaignCounts } from './campaign-counts.ts'

/*
 * Random histories against everything that has to hold for hours:
 *   npx node test/campaigns/hours.ts --count 100000 --seed 1
 * Exits 1 with the shrunk history at the first property that fails.
 */
const { count, seed } = campaignCounts({ count: 10_000, seed: 1 })

for (const [name, property] of Object.entries(properties)) {
  const started = performance.now()
  const details = fc.check(property, { numRuns: count, seed })
  if (details.failed) {
    process.stdout.write(`FAILED ${name}\n${fc.defaultReportMessage(details)}\n`)
    process.exit(1)
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${details.numRuns} histories, seed ${seed}, ${seconds} s: ${name}\n`)
}
