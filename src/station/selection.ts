import type { ElectronicCardAnswer } from '../cards/essc-verifier.ts'
import type { Result } from '../common/result.ts'
import type { SideRecords } from '../ledger/side-records.ts'

/**
 * Hands the text of an electronic social security card to the verifier that the site configured, and gives its answer.
 * Called once a code; the text is neither parsed nor stored nor logged here or there.
 */
export type ForwardElectronicCard = (
  code: string,
  signal: AbortSignal,
) => Promise<Result<ElectronicCardAnswer>>

/** Whom a scanned code selects. Their identity is still to be proven, by face or by a witness. */
export type Selection =
  /** `person` null: a code that was understood, of somebody whom this class does not know. */
  | { readonly kind: 'person'; readonly person: string | null }
  | { readonly kind: 'refused'; readonly reason: CodeRefusal }

/** Nothing that is known here, or an electronic card that the verifier did not confirm: used, expired, no answer. */
export type CodeRefusal = 'code-unknown' | 'code-not-verified'

/**
 * The text of a trainee's own code for one class: a random id, nothing personal. Only ASCII, whatever the class is
 * called: a scanner that types like a keyboard has no keys for more.
 */
export function enrolmentCode(person: string, classId: string): string {
  return `${ENROLMENT}${person}:${encodeURIComponent(classId.toWellFormed())}`
}

/** What links a training voucher's number to a person among the sealed numbers (`linkNumber`). */
export function voucherLink(voucher: string): string {
  return `voucher:${voucher.trim()}`
}

/**
 * What a scanned text may do: our own enrolment code or the number of a training voucher that the roster knows selects
 * a person. An electronic social security card says nothing of itself (its code is opaque and lasts a minute), so any
 * other text goes to the verifier where the site configured one, and nowhere where it did not.
 */
export async function selectByCode(
  text: string,
  known: {
    readonly side: Pick<SideRecords, 'personByNumber'>
    readonly classId: string
    readonly forward: ForwardElectronicCard | null
  },
  signal: AbortSignal,
): Promise<Selection> {
  if (text.startsWith(OUR_OWN)) {
    const person = enrolment.exec(text)?.[1]
    if (person === undefined) return refused('code-unknown')
    return { kind: 'person', person: text === enrolmentCode(person, known.classId) ? person : null }
  }
  const holder = known.side.personByNumber(voucherLink(text))
  if (holder !== null) return { kind: 'person', person: holder }
  if (known.forward === null) return refused('code-unknown')
  const said = await known.forward(text, signal)
  if (!said.ok) return refused('code-not-verified')
  const answer = said.value
  if ('refused' in answer) return refused(answer.refused === 'unknown' ? 'code-unknown' : 'code-not-verified')
  return { kind: 'person', person: known.side.personByNumber(answer.personNumber) }
}

function refused(reason: CodeRefusal): Selection {
  return { kind: 'refused', reason }
}

const OUR_OWN = 'shidao:'
const ENROLMENT = `${OUR_OWN}person:`
const enrolment = new RegExp(`^${ENROLMENT}([0-9a-f]{32}):`)
