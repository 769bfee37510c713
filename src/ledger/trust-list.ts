import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { type NoteSigner, openNote, parseVkey, signNote, splitNote, type VerifierKey } from './note.ts'
import type { Policy } from './policy.ts'
import { SIGNATURE_TYPE } from './signature-type.ts'

/*
 * Trust lists: which stations' and witnesses' keys an authority knows, until when, and which it has revoked. What an
 * inspector carries, as one C2SP signed note:
 *
 *   shidao/trust@v1
 *   {"authority":"…","serial":7,"made":…,"until":…,"stations":[…],"witnesses":[…],"quorum":1,"revoked":[…]}
 *
 *   — <authority> <signature>
 */

const HEADER = 'shidao/trust@v1'

const instant = z.int().min(0)
const vkey = z.string().max(400)
/** What people call a key; nothing that moves a terminal's cursor. */
const title = z.string().regex(/^[^\p{C}\p{Zl}\p{Zp}]{0,100}$/u)

export const trustDocument = z.strictObject({
  /** Name of the key that signs the list. */
  authority: z.string().min(1).max(200),
  /** Larger in each list: an older one is recognised by whoever saw a newer one. */
  serial: z.int().min(1),
  /** Milliseconds since 1970. */
  made: instant,
  until: instant,
  stations: z.array(z.strictObject({ vkey, title })).max(100_000),
  witnesses: z.array(z.strictObject({ vkey, title })).max(100),
  /** How many of the witnesses have to have seen what is verified. */
  quorum: z.int().min(0),
  revoked: z.array(z.strictObject({ vkey, since: instant, reason: title })).max(100_000),
})
export type TrustDocument = z.infer<typeof trustDocument>

/** A list whose signature and keys are true. */
export interface TrustList {
  readonly document: TrustDocument
  /** The keys that are known and not revoked, for the verifiers. */
  readonly policy: Policy
}

/** Signs a list. Throws `LEDGER_TRUST` for a document that no verifier takes. */
export function signTrustList(document: TrustDocument, signer: NoteSigner): string {
  const read = trustDocument.safeParse(document)
  const problem = !read.success
    ? z.prettifyError(read.error).split('\n')[0]!
    : document.authority !== signer.key.name
      ? 'the authority is not the name of the key'
      : policyProblem(document)
  if (problem !== null) throw new Fault('LEDGER_TRUST', `trust list: ${problem}`)
  return signNote(`${HEADER}\n${JSON.stringify(read.data)}\n`, [signer])
}

/**
 * Reads and verifies a list. `now` in ms since 1970; `seen` is the largest serial that was seen of this authority, 0 if
 * none. Total. Faults: `LEDGER_TRUST` (no list, or one that contradicts itself), `LEDGER_TRUST_UNKNOWN` (another
 * authority), `LEDGER_TRUST_SIGNATURE`, `LEDGER_TRUST_ROLLED_BACK`, `LEDGER_TRUST_EXPIRED`.
 */
export function openTrustList(
  note: string,
  authority: VerifierKey,
  { now, seen }: { readonly now: number; readonly seen: number },
): Result<TrustList> {
  const opened = openNote(note, [authority])
  if (!opened.ok) return failed(new Fault(CODES[opened.fault.code] ?? 'LEDGER_TRUST', opened.fault.message))
  const read = trustDocument.safeParse(jsonAfterHeader(opened.value.text))
  if (!read.success || read.data.authority !== authority.name)
    return refuse('', 'this is not a list of that key')
  const { serial, until } = read.data
  const problem = policyProblem(read.data)
  if (problem !== null) return refuse('', problem)
  if (serial < seen)
    return refuse('_ROLLED_BACK', `list ${serial} is older than list ${seen}, which was seen before`)
  if (now > until)
    return refuse('_EXPIRED', `list ${serial} ended on ${new Date(until).toISOString().slice(0, 10)}`)
  return ok({ document: read.data, policy: policyOf(read.data) })
}

/** What a list says, unverified; null if it isn't one. */
export function peekTrustList(note: string): TrustDocument | null {
  const split = splitNote(note)
  return split.ok ? (trustDocument.safeParse(jsonAfterHeader(split.value.text)).data ?? null) : null
}

const CODES: Readonly<Record<string, Fault['code']>> = {
  LEDGER_NOTE_UNKNOWN: 'LEDGER_TRUST_UNKNOWN',
  LEDGER_NOTE_SIGNATURE: 'LEDGER_TRUST_SIGNATURE',
}

function policyOf({ stations, witnesses, quorum, revoked }: TrustDocument): Policy {
  const gone = new Map<string, number>()
  for (const { vkey, since } of revoked) gone.set(vkey, Math.min(since, gone.get(vkey) ?? since))
  const known = (listed: readonly { readonly vkey: string }[]): VerifierKey[] =>
    listed.flatMap((each) => {
      const key = gone.has(each.vkey) ? null : parseVkey(each.vkey)
      return key?.ok ? [key.value] : []
    })
  const members = known(witnesses)
  return { logs: known(stations), witnesses: members, quorum: { threshold: quorum, members }, revoked: gone }
}

/** What is wrong with the keys of a list, or null. */
function policyProblem(document: TrustDocument): string | null {
  const { stations, witnesses, quorum, revoked } = document
  const listed = [...stations, ...witnesses].map((each) => each.vkey)
  if (new Set(listed).size < listed.length) return 'a key stands twice'
  const isOf = (text: string, types: readonly number[]) => {
    const key = parseVkey(text)
    return key.ok && types.includes(key.value.type)
  }
  const { ed25519, sm2, cosignature } = SIGNATURE_TYPE
  if (!stations.every((each) => isOf(each.vkey, [ed25519, sm2]))) return 'a station’s key is not one'
  if (!witnesses.every((each) => isOf(each.vkey, [cosignature]))) return 'a witness’s key is not one'
  // Nobody can be asked for by a list that says nothing of any key: the verifiers would take everything.
  const { logs, witnesses: known } = policyOf(document)
  if (logs.length === 0 && !revoked.some((each) => isOf(each.vkey, [ed25519, sm2])))
    return 'it knows no station and revokes none'
  return quorum > known.length ? 'the quorum is larger than the witnesses that are known' : null
}

function jsonAfterHeader(text: string): unknown {
  const [header, json = '', end, ...rest] = text.split('\n')
  if (header !== HEADER || end !== '' || rest.length > 0) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function refuse(suffix: '' | '_ROLLED_BACK' | '_EXPIRED', message: string) {
  return failed(new Fault(`LEDGER_TRUST${suffix}`, message))
}
