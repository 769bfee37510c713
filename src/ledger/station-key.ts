import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { createDurably } from './durable-file.ts'
import { ed25519Signer, type NoteSigner } from './note.ts'
import { storeFault } from './sqlite.ts'

/** What makes a station itself. Born on the station, never sent anywhere. */
export interface StationKey {
  /** `shidao/station/<16 hex>`: the ledger's origin and the key's name. */
  readonly origin: string
  /** Public half, C2SP verifier key. */
  readonly vkey: string
  readonly signer: NoteSigner
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

/** Reads the key of a station. Faults: `LEDGER_KEY_MISSING`, `LEDGER_KEY_CORRUPT`, `LEDGER_KEY_UNREADABLE`. */
export function loadStationKey(dir: string): StationKey {
  const file = parseKeyFile(readKeyFile(join(dir, STATION_KEY_FILE)))
  const signer = ed25519Signer(file.origin, file.privateKey)
  return {
    origin: file.origin,
    vkey: signer.key.vkey,
    signer,
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
})
type KeyFile = z.infer<typeof keyFile>

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
