import type { ReaderIdentity } from '../cards/reader.ts'
import { checkClaim } from './check.ts'
import type { CheckContext } from './check-context.ts'
import { claimOfCode } from './claim.ts'
import type { CheckOutcome } from './outcome.ts'
import { type CodeRefusal, type ForwardElectronicCard, selectByCode } from './selection.ts'

/** One code from a scanner. */
export interface Scan {
  /** Null when what was read is no text. It may be somebody's card: it goes into no record and no log. */
  readonly text: string | null
  /** The scanner that it came from. */
  readonly reader: ReaderIdentity
  readonly simulated: boolean
}

/**
 * A scanned code at the door: selects a person, who then goes through the same check as with a card. A code that selects
 * nobody is one recorded refusal without its text.
 */
export async function checkScan(
  scan: Scan,
  context: CheckContext,
  forward: ForwardElectronicCard | null,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  if (scan.text === null) return refuse('code-unknown', scan, context)
  const { data, classId, display } = context
  const announce =
    (ask: ForwardElectronicCard): ForwardElectronicCard =>
    async (code, ends) => {
      display.show({ screen: 'reading', person: null, message: 'code-checking' })
      const answer = await ask(code, ends)
      display.show({ message: null })
      return answer
    }
  const known = { side: data.side, classId, forward: forward && announce(forward) }
  const selected = await selectByCode(scan.text, known, signal)
  if (selected.kind === 'refused') return refuse(selected.reason, scan, context)
  return checkClaim(claimOfCode(selected.person, scan, data), context, signal)
}

function refuse(reason: CodeRefusal, { reader, simulated }: Scan, context: CheckContext): CheckOutcome {
  const { recorder, roll, classId, data } = context
  const index = recorder.append({
    type: 'refusal',
    data: {
      class: roll.known(classId),
      session: null,
      person: null,
      reason,
      face: null,
      reader,
      simulated: simulated || data.key.simulated,
      by: 'code',
    },
  })
  return { verdict: 'refused', reason, person: null, index, stagesMs: {} }
}

/** A scanner that types like a keyboard is known to the window only. */
export const KEYBOARD_SCANNER: ReaderIdentity = { profile: 'scanner-keyboard', port: 'window', samId: null }
/** Somebody on the staff chose a person who came without a card. */
export const STAFF_DESK: ReaderIdentity = { profile: 'staff-desk', port: 'window', samId: null }
