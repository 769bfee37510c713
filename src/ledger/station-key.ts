import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { createDurably } from './durable-file.ts'
import { KeyHistory } from './key-history.ts'
import type { Hash } from './merkle-hash.ts'
import { ed25519Signer, type NoteSigner } from './note.ts'
import { openRotation, type RotationReason, rotationNote } from './rotation.ts'
import { storeFault } from './sqlite.ts'
import { formatKeyFile, type KeyContent, readKeyFile, STATION_KEY_FILE } from './station-key-file.ts'

export { STATION_KEY_FILE } from './station-key-file.ts'

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

/**
 * Makes a new key in `DIR/station.key` (mode 0600), durably. A key that exists is never replaced.
 * Whoever can read the file as its owner or as root can copy the key, until `protectStationKey` wraps it; only hardware
 * keeps a key from root.
 * Faults: `LEDGER_KEY_EXISTS`, `LEDGER_NOT_FOUND` (no such folder), `LEDGER_READ_ONLY`, `LEDGER_DISK_FULL`.
 */
export function createStationKey(dir: string, { simulated }: { readonly simulated: boolean }): StationKey {
  const content: KeyContent = {
    origin: `shidao/station/${randomBytes(8).toString('hex')}`,
    simulated,
    privateKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sealingKey: randomBytes(32).toString('hex'),
    lookupKey: randomBytes(32).toString('hex'),
  }
  try {
    createDurably(join(dir, STATION_KEY_FILE), formatKeyFile(content, null), 0o600)
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
  const { privateKey: old, content, wrapping } = readKeyFile(join(dir, STATION_KEY_FILE))
  const { privateKey } = generateKeyPairSync('ed25519')
  const next = ed25519Signer(content.origin, privateKey)
  const note = rotationNote(at, ed25519Signer(content.origin, old), next)
  const file: KeyContent = {
    ...content,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    rotations: [...(content.rotations ?? []), { index: at.size, note }],
  }
  try {
    createDurably(join(dir, NEXT_KEY_FILE), formatKeyFile(file, wrapping), 0o600)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Fault('LEDGER_KEY_EXISTS', 'a change of keys was begun; open the station once to finish it')
    throw storeFault(thrown)
  }
  return { next, note }
}

/** Reads the key of a station. Faults: those of `readKeyFile`. */
export function loadStationKey(dir: string, name: string = STATION_KEY_FILE): StationKey {
  const { content: file, privateKey } = readKeyFile(join(dir, name))
  const signer = ed25519Signer(file.origin, privateKey)
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

function keyHistory(rotations: NonNullable<KeyContent['rotations']>, signer: NoteSigner): KeyHistory {
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
