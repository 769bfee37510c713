import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { toHex } from './bytes.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { verifyCosignature } from './cosignature.ts'
import { openNote, parseVkey, type VerifierKey } from './note.ts'
import { SIGNATURE_TYPE } from './signature-type.ts'

/*
 * Trust policies, c2sp.org/tlog-policy: which ledgers' keys are known, which witnesses', and how many witnesses have to
 * have cosigned a checkpoint before it counts. The file that an inspector carries.
 */

export interface Policy {
  /** Ed25519 keys of ledgers, and SM2 keys of their second trees. */
  readonly logs: readonly VerifierKey[]
  readonly witnesses: readonly VerifierKey[]
  readonly quorum: Quorum
  /** Verifier keys that are not believed from a time on, ms since 1970, where who made the policy says so; a C2SP file can't. */
  readonly revoked?: ReadonlyMap<string, number>
}

/** `threshold` of the members; a member is a witness or another quorum. `quorum none` is 0 of none. */
export interface Quorum {
  readonly threshold: number
  readonly members: readonly (VerifierKey | Quorum)[]
}

export interface PolicyVerdict {
  readonly checkpoint: Checkpoint
  readonly log: VerifierKey
  /** Witnesses whose cosignatures verify, and the time of each, seconds since 1970. */
  readonly cosigned: readonly { readonly name: string; readonly time: number }[]
}

/** Reads a policy file. Total. Fault `LEDGER_POLICY` names the line (from 1) and what is wrong with it. */
export function parsePolicy(bytes: Uint8Array): Result<Policy> {
  // Names are opaque octets: one character each, so that no two ways of writing a letter are taken for one.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  const draft = new PolicyDraft()
  for (const [i, line] of text.split('\n').entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '')
    const [keyword = '#'] = words
    const problem = OUTSIDE_CHARACTER_SET.test(line)
      ? 'a control character'
      : keyword.startsWith('#')
        ? null
        : draft.read(words)
    if (problem !== null) return failed(new Fault('LEDGER_POLICY', `policy line ${i + 1}: ${problem}`))
  }
  const policy = draft.policy()
  return policy === null ? failed(new Fault('LEDGER_POLICY', 'the policy has no quorum line')) : ok(policy)
}

/**
 * Checks a checkpoint note against a policy: one of the ledgers signed it and the quorum cosigned it.
 * A signature of a listed key that is false refuses the whole note. Faults: those of `openCheckpoint`, and
 * `LEDGER_POLICY_QUORUM` if too few witnesses have seen it.
 */
export function checkPolicy(note: string, policy: Policy): Result<PolicyVerdict> {
  const { logs, witnesses, quorum } = policy
  const checkpoint = openCheckpoint(note, logs)
  if (!checkpoint.ok) return checkpoint
  const opened = openNote(note, [...logs, ...witnesses])
  if (!opened.ok) return opened
  const log = opened.value.verified.find(({ key }) => key.name === checkpoint.value.origin)!.key
  const cosigned = new Map<VerifierKey, number>()
  for (const witness of witnesses) {
    const said = verifyCosignature(note, witness.vkey)
    if (said.ok) cosigned.set(witness, said.value.time)
  }
  if (!isReached(quorum, new Set(cosigned.keys()))) {
    return failed(
      new Fault('LEDGER_POLICY_QUORUM', `${cosigned.size} known witnesses cosigned, not the policy’s quorum`),
    )
  }
  const named = [...cosigned].map(([{ name }, time]) => ({ name, time }))
  return ok({ checkpoint: checkpoint.value, log, cosigned: named })
}

/** Every control character but the tab; the line feed is gone by then. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the specification names exactly these
const OUTSIDE_CHARACTER_SET = /[\u0000-\u0008\u000b-\u001f\u007f]/

class PolicyDraft {
  readonly #logs: VerifierKey[] = []
  readonly #witnesses: VerifierKey[] = []
  readonly #named = new Map<string, VerifierKey | Quorum>()
  /** Names that are members of a group already: each may count in one way only. */
  readonly #members = new Set<string>()
  #quorum: Quorum | null = null

  /** Takes one line apart. What is wrong with it, or null. */
  read([keyword, ...words]: readonly string[]): string | null {
    if (keyword === 'log') return this.#readLog(words)
    if (keyword === 'witness') return this.#readWitness(words)
    if (keyword === 'group') return this.#readGroup(words)
    if (keyword === 'quorum') return this.#readQuorum(words)
    return 'not a log, witness, group or quorum'
  }

  policy(): Policy | null {
    if (this.#quorum === null) return null
    return { logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum }
  }

  #readLog([vkey = '', , ...rest]: readonly string[]): string | null {
    const key = parseVkey(asUtf8(vkey))
    if (rest.length > 0) return 'too many words'
    if (!key.ok) return key.fault.message
    if (key.value.type === SIGNATURE_TYPE.cosignature) return 'the key of a witness where a log’s is expected'
    return addKey(this.#logs, key.value)
  }

  #readWitness([name = '', vkey = '', , ...rest]: readonly string[]): string | null {
    const key = parseVkey(asUtf8(vkey))
    if (rest.length > 0) return 'too many words'
    if (!key.ok) return key.fault.message
    if (key.value.type !== SIGNATURE_TYPE.cosignature) return 'not the key of a witness'
    return addKey(this.#witnesses, key.value) ?? this.#define(name, key.value)
  }

  #readGroup([name = '', count = '', ...names]: readonly string[]): string | null {
    if (names.length === 0) return 'a group has a name, a threshold and at least one member'
    const members: (VerifierKey | Quorum)[] = []
    for (const member of names) {
      const defined = this.#named.get(member)
      if (defined === undefined) return 'a member that no line before it defines'
      if (this.#members.has(member)) return 'a member that is one of a group already'
      this.#members.add(member)
      members.push(defined)
    }
    const threshold = count === 'any' ? 1 : count === 'all' ? names.length : decimal(count)
    if (threshold === null || threshold < 1 || threshold > names.length) return 'a threshold out of range'
    return this.#define(name, { threshold, members })
  }

  #readQuorum([name = '', ...rest]: readonly string[]): string | null {
    const named = this.#named.get(name)
    if (rest.length > 0 || name === '') return 'quorum takes one name'
    if (this.#quorum !== null) return 'a second quorum'
    if (name !== 'none' && named === undefined) return 'a quorum that no line before it defines'
    this.#quorum = named === undefined ? { threshold: 0, members: [] } : { threshold: 1, members: [named] }
    return null
  }

  #define(name: string, what: VerifierKey | Quorum): string | null {
    if (name === 'none' || this.#named.has(name)) return 'a name that is taken'
    this.#named.set(name, what)
    return null
  }
}

/** Two names for one key would let it count twice. */
function addKey(keys: VerifierKey[], key: VerifierKey): string | null {
  const same = toHex(key.publicKey)
  if (keys.some(({ publicKey }) => toHex(publicKey) === same)) return 'a key that stands there already'
  keys.push(key)
  return null
}

function isReached({ threshold, members }: Quorum, cosigned: ReadonlySet<VerifierKey>): boolean {
  const reached = members.filter((member) =>
    'threshold' in member ? isReached(member, cosigned) : cosigned.has(member),
  )
  return reached.length >= threshold
}

function decimal(text: string): number | null {
  return /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : null
}

/** The word as text; a word that isn't UTF-8 gives something that is no verifier key. */
function asUtf8(octets: string): string {
  return new TextDecoder().decode(Uint8Array.from(octets, (octet) => octet.charCodeAt(0)))
}
