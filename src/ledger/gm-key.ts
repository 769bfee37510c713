import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { fromHex, toHex } from './bytes.ts'
import { commandSigner } from './command-signer.ts'
import { createDurably, replaceDurably } from './durable-file.ts'
import { gmOrigin, sm2Signer } from './gm-suite.ts'
import type { Hash } from './merkle-hash.ts'
import { type NoteSigner, verifierKey } from './note.ts'
import { type RotationReason, rotationNote } from './rotation.ts'
import { seal, unseal } from './sealing.ts'
import { SIGNATURE_TYPE } from './signature-type.ts'
import { sm2PrivateKey } from './sm2.ts'
import { storeFault } from './sqlite.ts'
import { readKeyFile, STATION_KEY_FILE, type Wrapping } from './station-key-file.ts'

export const GM_KEY_FILE = 'station-gm.key'
/** Where the next key lies until the ledger names it. */
export const NEXT_GM_KEY_FILE = 'station-gm.key.next'

const hardware = z.strictObject({
  v: z.literal(1),
  /** x || y, base64. */
  publicKey: z.string().length(88),
  command: z.array(z.string().min(1)).min(1).max(32),
  timeoutMs: z.int().min(100).max(60_000).default(5_000),
})

/** `station-gm.key`: the SM2 key in the clear or sealed, or the program that signs with it where it lies. */
const keyFile = z.union([
  z.strictObject({ v: z.literal(1), privateKey: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({ v: z.literal(2), sealed: z.base64().max(1_000) }),
  hardware,
])

/** How the second tree's key is kept. */
export type GmKeyState = 'clear' | 'wrapped' | 'elsewhere'

/**
 * The signer of a station's second tree, from `DIR/station-gm.key`; born there (mode 0600) where there is none, and
 * sealed under the same wrapping key where `station.key` is wrapped.
 * Faults: `LEDGER_GM_SELFTEST`, `LEDGER_KEY_CORRUPT`, those of `readKeyFile` and of the file system.
 */
export function gmSigner(dir: string, origin: string, name: string = GM_KEY_FILE): NoteSigner {
  const path = join(dir, name)
  if (!existsSync(path) && name === GM_KEY_FILE) create(path, newSecret(), origin, wrappingOf(dir))
  const content = parse(readFileSync(path, 'utf8'))
  if (!('command' in content)) return sm2Signer(gmOrigin(origin), secretOf(content, dir, origin))
  const publicKey = decodeBase64(content.publicKey)
  if (publicKey?.length !== 64) throw corrupt()
  const { command, timeoutMs } = content
  const key = verifierKey(gmOrigin(origin), SIGNATURE_TYPE.sm2, publicKey)
  return commandSigner({ key, command, timeoutMs })
}

/** Null where the station has no second tree's key. Fault `LEDGER_KEY_CORRUPT`. */
export function gmKeyState(dir: string): GmKeyState | null {
  const path = join(dir, GM_KEY_FILE)
  if (!existsSync(path)) return null
  const content = parse(readFileSync(path, 'utf8'))
  if ('command' in content) return 'elsewhere'
  return 'sealed' in content ? 'wrapped' : 'clear'
}

/** The content of a key file for a key in a TPM, a UKey or a card; `publicKey` is x || y. */
export function gmCommandKeyFile(publicKey: Uint8Array, command: readonly string[]): string {
  return `${JSON.stringify({ v: 1, publicKey: encodeBase64(publicKey), command }, null, 2)}\n`
}

/**
 * Makes the next key of the second tree, durably, beside the present one, with the change that both sign over a tree.
 * Faults: `LEDGER_GM_KEY` where the key lies in hardware, `LEDGER_KEY_EXISTS` where a change was not finished.
 */
export function createNextGmKey(
  dir: string,
  origin: string,
  at: { readonly size: number; readonly root: Hash; readonly reason: RotationReason },
): { readonly next: NoteSigner; readonly note: string } {
  if (gmKeyState(dir) === 'elsewhere')
    throw new Fault(
      'LEDGER_GM_KEY',
      `the key lies elsewhere: make the next one there and name it in ${GM_KEY_FILE}`,
    )
  const old = gmSigner(dir, origin)
  const secret = newSecret()
  const next = sm2Signer(gmOrigin(origin), secret)
  create(join(dir, NEXT_GM_KEY_FILE), secret, origin, wrappingOf(dir))
  return { next, note: rotationNote(at, old, next) }
}

/**
 * Seals the key in its file under the station's wrapping key, or puts it back in the clear for null. Nothing for a key
 * that lies elsewhere, or isn't there. In an order in which a power cut anywhere leaves one file that opens.
 */
export function rewrapGmKey(dir: string, origin: string, wrapping: Wrapping | null): void {
  const path = join(dir, GM_KEY_FILE)
  if (!existsSync(path)) return
  const content = parse(readFileSync(path, 'utf8'))
  if ('command' in content || 'sealed' in content === (wrapping !== null)) return
  const secret = secretOf(content, dir, origin)
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  create(draft, secret, origin, wrapping)
  replaceDurably(draft, path)
}

function newSecret(): Uint8Array {
  let secret: Uint8Array | null = null
  while (secret === null) secret = sm2PrivateKey(new Uint8Array(randomBytes(32)))
  return secret
}

function create(path: string, secret: Uint8Array, origin: string, wrapping: Wrapping | null): void {
  const content =
    wrapping === null
      ? { v: 1, privateKey: toHex(secret) }
      : { v: 2, sealed: Buffer.from(seal(wrapping.key, secret, context(origin))).toString('base64') }
  try {
    createDurably(path, `${JSON.stringify(content, null, 2)}\n`, 0o600)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Fault('LEDGER_KEY_EXISTS', 'a change of keys was begun; open the station once to finish it')
    throw storeFault(thrown)
  }
}

function secretOf(
  content: Exclude<z.infer<typeof keyFile>, z.infer<typeof hardware>>,
  dir: string,
  origin: string,
): Uint8Array {
  if ('privateKey' in content) return fromHex(content.privateKey)!
  const wrapping = wrappingOf(dir)
  const sealed = new Uint8Array(Buffer.from(content.sealed, 'base64'))
  const secret = wrapping === null ? null : unseal(wrapping.key, sealed, context(origin))
  if (secret?.length === 32) return secret
  throw new Fault('LEDGER_KEY_UNWRAP', `what wraps ${STATION_KEY_FILE} does not open ${GM_KEY_FILE}`)
}

/** Null where the station's key lies in the clear, or this folder has none. */
function wrappingOf(dir: string): Wrapping | null {
  const path = join(dir, STATION_KEY_FILE)
  return existsSync(path) ? readKeyFile(path).wrapping : null
}

/** Bound to the ledger, so that a sealed key can't be put into another station's folder. */
function context(origin: string): string[] {
  return ['shidao-gm-key/v2', origin]
}

function parse(text: string): z.infer<typeof keyFile> {
  try {
    return keyFile.parse(JSON.parse(text))
  } catch {
    // No cause: a parser's message may quote the secret.
    throw corrupt()
  }
}

function corrupt(): Fault {
  return new Fault('LEDGER_KEY_CORRUPT', `${GM_KEY_FILE} is damaged; restore it or take the gm suite off`)
}
