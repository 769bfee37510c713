import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { createDurably } from './durable-file.ts'
import { KeyHistory } from './key-history.ts'
import type { Hash } from './merkle-hash.ts'
import { ed25519Signer, type NoteSigner } from './note.ts'
import { openRotation, type RotationReason, rotationNote } from './rotation.ts'
import { storeFault } from './sqlite.ts'

/** What makes a station itself. Born on the station, never sent anywhere. */
export interface StationKey {
  /** `shidao/station/<16 hex>`: the ledger's origin and the key's name. */
  readonly origin: string
  /** Public half, C2SP verifier key. */
  readonly vkey: string
  readonly signer: NoteSigner
  /** This key, and those before it. */
  readonly keys: KeyHistory
  /** The note by which the key before this one gave way to it; null for the first one. */
  readonly rotation: string | null
  /** 32 bytes; wraps the keys of people's side records. */
  readonly sealingKey: Uint8Array
  /** 32 bytes; turns a person's number into a look-up key. */
  readonly lookupKey: Uint8Array
  /** A station on simulated hardware: its records never reach hours or claims of a production collector. */
  readonly simulated: boolean
}

export const STATION_KEY_FILE = 'station.key'

/**
 * Makes a new key in `DIR/station.key` (mode 0600), durably. A key that exists is never replaced.
 * Whoever can read the file as its owner or as root can copy the key; only hardware keeps a key from them.
 * Faults: `LEDGER_KEY_EXISTS`, `LEDGER_NOT_FOUND` (no such folder), `LEDGER_READ_ONLY`, `LEDGER_DISK_FULL`.
 */
export function createStationKey(dir: string, { simulated }: { readonly simulated: boolean }): StationKey {
  const content: KeyFile = {
    v: 1,
    origin: `shidao/station/${randomBytes(8).toString('hex')}`,
    simulated,
    privateKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sealingKey: randomBytes(32).toString('hex'),
    lookupKey: randomBytes(32).toString('hex'),
  }
  try {
    createDurably(join(dir, STATION_KEY_FILE), `${JSON.stringify(content, null, 2)}\n`, 0o600)
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new Fault('LEDGER_KEY_EXISTS', 'this folder has a station key; it is never replaced')
    if (code === 'ENOENT') throw new Fault('LEDGER_NOT_FOUND', 'the data folder does not exist')
    throw storeFault(thrown)
  }
  return loadStationKey(dir)
}

/** Where the next key lies until the ledger names it. */
export const NEXT_KEY_FILE = 'station.key.next'

/**
 * Makes the next key of a station, durably, beside the present one, with the change that both sign: the first step of
 * a rotation (rekey.ts). Faults: `LEDGER_KEY_EXISTS` if another change was not finished, and those of `storeFault`.
 */
export function createNextKey(
  dir: string,
  at: { readonly size: number; readonly root: Hash; readonly reason: RotationReason },
): { readonly next: NoteSigner; readonly note: string } {
  const { privateKey: old, ...content } = parseKeyFile(readKeyFile(join(dir, STATION_KEY_FILE)))
  const { privateKey } = generateKeyPairSync('ed25519')
  const next = ed25519Signer(content.origin, privateKey)
  const note = rotationNote(at, ed25519Signer(content.origin, old), next)
  const file: KeyFile = {
    ...content,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    rotations: [...(content.rotations ?? []), { index: at.size, note }],
  }
  try {
    createDurably(join(dir, NEXT_KEY_FILE), `${JSON.stringify(file, null, 2)}\n`, 0o600)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Fault('LEDGER_KEY_EXISTS', 'a change of keys was begun; open the station once to finish it')
    throw storeFault(thrown)
  }
  return { next, note }
}

/** Reads the key of a station. Faults: `LEDGER_KEY_MISSING`, `LEDGER_KEY_CORRUPT`, `LEDGER_KEY_UNREADABLE`. */
export function loadStationKey(dir: string, name: string = STATION_KEY_FILE): StationKey {
  const file = parseKeyFile(readKeyFile(join(dir, name)))
  const signer = ed25519Signer(file.origin, file.privateKey)
  return {
    origin: file.origin,
    vkey: signer.key.vkey,
    signer,
    keys: keyHistory(file.rotations ?? [], signer),
    rotation: file.rotations?.at(-1)?.note ?? null,
    sealingKey: new Uint8Array(Buffer.from(file.sealingKey, 'hex')),
    lookupKey: new Uint8Array(Buffer.from(file.lookupKey, 'hex')),
    simulated: file.simulated,
  }
}

const keyFile = z.strictObject({
  v: z.literal(1),
  origin: z.string().regex(/^shidao\/station\/[0-9a-f]{16}$/),
  simulated: z.boolean(),
  /** PKCS #8, PEM. */
  privateKey: z.string().max(1_000),
  sealingKey: z.string().regex(/^[0-9a-f]{64}$/),
  lookupKey: z.string().regex(/^[0-9a-f]{64}$/),
  /** Changes of the key so far, as events of the ledger say them. */
  rotations: z
    .array(z.strictObject({ index: z.int().min(1), note: z.string().max(4000) }))
    .max(1_000)
    .optional(),
})
type KeyFile = z.infer<typeof keyFile>

function keyHistory(rotations: NonNullable<KeyFile['rotations']>, signer: NoteSigner): KeyHistory {
  const corrupt = new Fault('LEDGER_KEY_CORRUPT', 'the changes in the station key file are not true')
  const [first] = rotations.map(({ note }) => openRotation(note))
  if (first !== undefined && !first.ok) throw corrupt
  let keys = KeyHistory.born(first === undefined ? signer.key : first.value.old)
  for (const { note, index } of rotations) {
    const extended = keys.extend(note, index)
    if (!extended.ok) throw corrupt
    keys = extended.value
  }
  if (keys.current.vkey !== signer.key.vkey) throw corrupt
  return keys
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new Fault('LEDGER_KEY_MISSING', 'the station key is gone; restore it or re-enrol')
    throw new Fault('LEDGER_KEY_UNREADABLE', `the station key cannot be read (${code})`, { cause: thrown })
  }
}

function parseKeyFile(text: string): Omit<KeyFile, 'privateKey'> & { privateKey: KeyObject } {
  // No cause in the fault: a parser's message may quote the secret.
  const corrupt = new Fault('LEDGER_KEY_CORRUPT', 'the station key file is damaged; restore it or re-enrol')
  try {
    const content = keyFile.parse(JSON.parse(text))
    const privateKey = createPrivateKey(content.privateKey)
    if (privateKey.asymmetricKeyType !== 'ed25519') throw corrupt
    return { ...content, privateKey }
  } catch {
    throw corrupt
  }
}
