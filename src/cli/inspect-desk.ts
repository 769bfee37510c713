import { readFileSync, statSync } from 'node:fs'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { sameJson } from '../common/same-json.ts'
import { type InspectorKey, parseInspectorKey, signAsInspector } from '../inspect/inspector-key.ts'
import { fromHex, toHex } from '../ledger/bytes.ts'
import { sha256 } from '../ledger/sha256.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import type { InspectorProof, VisitAct, VisitAnswers, VisitWork } from '../station/visit-work.ts'
import { defaultDataFolder } from './command.ts'
import { type Perform, performDeskWork } from './desk.ts'
import { secret } from './staff.ts'

/* What the commands of a visit share: the desk that does them, and the inspector's key, which never leaves this process. */

export interface InspectorAtHand {
  readonly key: InspectorKey
  readonly pin: string
}

export const visitOptions = {
  class: { type: 'string' },
  data: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

type Asked<A extends VisitAct> = Extract<VisitWork, { readonly act: A }>

/** Asks the desk of a data folder, or one that is at hand, and gives the answer that the request has. */
export async function ask<A extends VisitAct>(
  desk: string | Perform,
  work: Asked<A> & { readonly act: A },
): Promise<VisitAnswers[A]> {
  const answer = typeof desk === 'string' ? await performDeskWork(desk, work) : await desk(work)
  return answer as VisitAnswers[A]
}

export function folderOf(values: { readonly data?: string | undefined }): string {
  return values.data ?? defaultDataFolder()
}

export function classOf(values: { readonly class?: string | undefined }): string {
  if (values.class !== undefined) return values.class
  throw new Fault('USAGE_CLASS', 'this command takes --class ID')
}

/** The key's file and its PIN. `USAGE_KEY`, `INSPECT_KEY_FORMAT`. */
export async function inspectorAtHand(file: string | undefined): Promise<InspectorAtHand> {
  if (file === undefined) throw new Fault('USAGE_KEY', 'this command takes --key FILE, the inspector’s own')
  const key = unwrap(parseInspectorKey(readSmall(file).toString('utf8')))
  return { key, pin: await secret('SHIDAO_PIN', 'PIN of the inspector: ') }
}

/**
 * The PIN of a visit that commands open and go on with: the first 32 hex digits of SHA-256 over the inspector's Ed25519
 * signature under `{"act":"visit.pin","origin":…,"class":…}` (docs/formats.md, "Visit"). So the key's file and its PIN are
 * all that a command needs, and nobody without them can say it. A visit that was opened at the window has another one:
 * SHIDAO_VISIT_PIN. Fault `LEDGER_PIN`.
 */
export function visitPin(dir: string, classId: string, { key, pin }: InspectorAtHand): string {
  const given = process.env.SHIDAO_VISIT_PIN
  if (given !== undefined) return given
  const statement = JSON.stringify({ act: 'visit.pin', origin: originOf(dir), class: classId })
  const { signature } = unwrap(signAsInspector(statement, key, pin)).signatures[0]!
  return toHex(sha256(fromHex(signature)!)).slice(0, 32)
}

/**
 * The inspector's own signature under what a station asks them to sign, if that is what they asked for: a station that
 * is not honest could ask for another. Faults `INSPECT_STATEMENT`, `LEDGER_PIN`.
 */
export function signStatement(
  statement: string,
  { key, pin }: InspectorAtHand,
  expected: Readonly<Record<string, unknown>>,
): InspectorProof {
  const said = readStatement(statement)
  const wrong = Object.keys(expected).find((field) => !sameJson(said[field], expected[field]))
  if (wrong !== undefined) {
    throw new Fault('INSPECT_STATEMENT', `the station asks for a signature under another ${wrong}`)
  }
  const { signature } = unwrap(signAsInspector(statement, key, pin)).signatures[0]!
  return { kind: 'signature', signature }
}

/** The name of the ledger in a folder, also beside the station that writes it. */
export function originOf(dir: string): string {
  return loadStationKey(dir).signer.key.name
}

/** SHA-256 of a file that stays with the inspector, hex; null without one. */
export function hashOfFile(file: string | undefined): string | null {
  return file === undefined ? null : toHex(sha256(readSmall(file)))
}

function readStatement(text: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text) as object) }
  } catch {
    return {}
  }
}

const LARGEST = 64 * 1024 * 1024

/** `INSPECT_FILE` if it can't be read or is over 64 MiB. */
export function readSmall(file: string): Buffer {
  try {
    if (statSync(file).size <= LARGEST) return readFileSync(file)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Fault('INSPECT_FILE', `cannot read ${file} (${reason})`, { cause })
  }
  throw new Fault('INSPECT_FILE', `${file} is over 64 MiB`)
}
