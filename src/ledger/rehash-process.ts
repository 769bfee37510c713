import { readFileSync } from 'node:fs'
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
    return { verification, ms: performance.now() - start, peakBytes: peakBytes() }
  } catch (thrown) {
    const { code, message } = asFault(thrown)
    return { fault: { code, message } }
  }
}

/** Linux counts in `maxRSS` what the process that started this one had; the high-water mark is this one's own (proc(5)). */
function peakBytes(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024
}
