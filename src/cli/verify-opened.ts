import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { maskName, maskNumber } from '../common/mask.ts'
import { unwrap } from '../common/result.ts'
import type { Opener } from '../export/sealed/age.ts'
import { parseKeyFile } from '../export/sealed/age-keys.ts'
import type { VerifiedBundle } from '../inspect/verify-bundle.ts'
import { type OpenedVerification, verifyOpened } from '../inspect/verify-opened.ts'
import { secret } from './staff.ts'

/* The part of a bundle that only an auditor reads: opening it, showing it, writing its files out. */

export interface OpeningWords {
  readonly open?: string | undefined
  readonly passphrase: boolean
  readonly extract?: string | undefined
  readonly reveal: boolean
}

/** The key or passphrase that was asked for, null without one. Faults `PROOF_FILE`, `PROOF_OPENING_KEY`, `USAGE_OPEN`. */
export async function openerOf({ open, passphrase, extract, reveal }: OpeningWords): Promise<Opener | null> {
  if (open !== undefined && passphrase)
    throw new Fault('USAGE_OPEN', 'a bundle is opened by --open KEYFILE or by --passphrase')
  if (open !== undefined) return { keys: unwrap(parseKeyFile(readKeyFile(open))) }
  if (passphrase) return { passphrase: await secret('SHIDAO_PASSPHRASE', 'Passphrase: ') }
  if (extract === undefined && !reveal) return null
  throw new Fault('USAGE_OPEN', '--extract and --reveal go with --open KEYFILE or --passphrase')
}

/** Opens and checks the part for auditors; its files go into a new or empty folder where one is named. */
export function openForAuditor(
  bundle: VerifiedBundle,
  opener: Opener,
  { extract, reveal }: OpeningWords,
): { answer: OpenedAnswer; lines: string[] } {
  const { files, ...verified } = unwrap(verifyOpened(bundle, opener))
  if (extract !== undefined && verified.ok) writeFiles(extract, files)
  const people = verified.people.map((person) =>
    reveal ? person : { ...person, name: maskName(person.name), number: maskNumber(person.number) },
  )
  const answer = { ...verified, people, extracted: verified.ok ? (extract ?? null) : null }
  return { answer, lines: openedLines(answer) }
}

export type OpenedAnswer = Omit<OpenedVerification, 'files'> & { readonly extracted: string | null }

function openedLines({ people, destroyed, claims, totalFen, opened, extracted }: OpenedAnswer): string[] {
  return [
    `opened ${opened} commitments, claims ${claims ?? 'not checked'}, total ${fenText(totalFen)}`,
    ...people.map(
      ({ person, name, number, hours, claims: own, fen }) =>
        `  ${person}  ${name}  ${number}  hours ${hours}, claims ${own}${own === 'none' ? '' : `, ${fenText(fen)}`}`,
    ),
    ...destroyed.map((person) => `  ${person}  identity destroyed`),
    ...(extracted === null ? [] : [`files in ${extracted}`]),
  ]
}

function fenText(fen: number | null): string {
  return fen === null ? 'unknown' : `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')} yuan`
}

/** Names of entries were checked when the archive was read: none leads out of the folder. */
function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (readdirSync(folder).length > 0) throw new Fault('PROOF_EXTRACT', `${folder} is not empty`)
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, path), bytes, { flag: 'wx', mode: 0o600 })
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Fault('PROOF_EXTRACT', `cannot write into ${folder} (${reason})`, { cause })
  }
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Fault('PROOF_FILE', `cannot read ${path} (${reason})`, { cause })
  }
}
