import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import type { OutsideKeys } from '../inspect/verify-bundle.ts'
import { type VisitVerification, verifyVisitFile } from '../inspect/verify-visit-file.ts'
import { parseVkey } from '../ledger/note.ts'

/** `verify` of an inspector's visit: the answer as a document and in lines. `USAGE_VKEY` for an authority that is no key. */
export function verifyVisit(
  bytes: Uint8Array,
  outside: OutsideKeys,
  authority: string | undefined,
): { readonly answer: VisitVerification; readonly lines: readonly string[] } {
  const known = authority === undefined ? null : parseVkey(authority)
  if (known !== null && !known.ok)
    throw new Fault('USAGE_VKEY', `--authority takes a verifier key: ${known.fault.message}`)
  const answer = unwrap(
    verifyVisitFile(bytes, { ...outside, ...(known === null ? {} : { authority: known.value }) }),
  )
  return { answer, lines: linesOf(answer) }
}

function linesOf(answer: VisitVerification): string[] {
  if (!answer.ok) return ['NOT OK', `visit ${answer.visit}`]
  const { facts, outcome, headcount, found } = answer
  return [
    'OK',
    ...(answer.simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []),
    `visit ${answer.visit} of class ${answer.class} ${answer.title}, opened ${answer.opened ?? '?'}`,
    `${answer.events} of ${answer.size} events shown, root ${answer.root}`,
    `then: expected ${facts?.expected ?? '?'}, signed in ${facts?.signedIn ?? '?'}, not signed out ${facts?.present ?? '?'}; counted in the room ${headcount ?? '–'}`,
    `drawn: ${outcome?.seen.length ?? 0} seen, ${outcome?.notSeen.length ?? 0} not seen, ${outcome?.cannotVerify.length ?? 0} not verified, ${outcome?.left.length ?? 0} not looked for`,
    ...found.map(({ person, record }) => `in the room: ${person ?? 'nobody known'}, record ${record}`),
    ...answer.words,
  ]
}
