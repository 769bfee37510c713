import { asFault } from '../common/fault.ts'
import type { RehashAnswer } from './rehash.ts'
import { verifyLog } from './verify.ts'

/* The process of `startRehash`: verifies the ledger of the folder in its argument and sends what it found. */

const [dir = ''] = process.argv.slice(2)
// Disconnecting is how a message is sent to its end before the process goes.
process.send?.(answer(), () => process.disconnect())

function answer(): RehashAnswer {
  const start = performance.now()
  try {
    let verification = verifyLog(dir)
    // A record destroyed between the reading of the events and of the records looks lost once, and lawful then.
    if (verification.problem?.code === 'side-data-missing') verification = verifyLog(dir)
    const peakBytes = process.resourceUsage().maxRSS * 1024
    return { verification, ms: performance.now() - start, peakBytes }
  } catch (thrown) {
    const { code, message } = asFault(thrown)
    return { fault: { code, message } }
  }
}
