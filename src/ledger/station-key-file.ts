import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { type KeyVault, type VaultName, vaultNames, vaultOf } from './key-vault.ts'
import { seal, unseal } from './sealing.ts'

/*
 * `station.key`: version 1 holds the secrets in the clear; in version 2 they are sealed under a wrapping key, which a
 * vault of the operating system keeps in `station.key.credential` beside it.
 */

export const STATION_KEY_FILE = 'station.key'
/** The wrapping key as the vault handed it out; what a unit's `LoadCredentialEncrypted=` names. */
export const CREDENTIAL_FILE = 'station.key.credential'

const secrets = {
  /** PKCS #8, PEM. */
  privateKey: z.string().max(1_000),
  sealingKey: z.string().regex(/^[0-9a-f]{64}$/),
  lookupKey: z.string().regex(/^[0-9a-f]{64}$/),
}
const openPart = {
  origin: z.string().regex(/^shidao\/station\/[0-9a-f]{16}$/),
  simulated: z.boolean(),
  /** Changes of the key so far, as events of the ledger say them. */
  rotations: z
    .array(z.strictObject({ index: z.int().min(1), note: z.string().max(4000) }))
    .max(1_000)
    .optional(),
}
const secretPart = z.strictObject(secrets)
const plainFile = z.strictObject({ v: z.literal(1), ...openPart, ...secrets })
const sealedFile = z.strictObject({
  v: z.literal(2),
  ...openPart,
  vault: z.enum(vaultNames),
  /** Base64 of the secrets' JSON, sealed under the wrapping key. */
  sealed: z.base64().max(10_000),
})

/** What a station's key file says, whichever version it is. */
export type KeyContent = Omit<z.infer<typeof plainFile>, 'v'>

/** The key under which the secrets of a protected file are sealed. */
export interface Wrapping {
  readonly vault: VaultName
  /** 32 bytes. */
  readonly key: Uint8Array
}

export interface OpenedKeyFile {
  readonly content: KeyContent
  readonly privateKey: KeyObject
  /** Null where the secrets lie in the clear. */
  readonly wrapping: Wrapping | null
}

/**
 * Reads a key file and, if it is protected, has its wrapping key opened by the vault. Faults: `LEDGER_KEY_MISSING`,
 * `LEDGER_KEY_UNREADABLE`, `LEDGER_KEY_CORRUPT`, and `LEDGER_KEY_UNWRAP` where the vault doesn't open it.
 */
export function readKeyFile(path: string): OpenedKeyFile {
  const file = parseFile(readText(path))
  if (file.v === 1) {
    const { v: _, ...content } = file
    return { content, privateKey: privateKeyOf(content), wrapping: null }
  }
  const wrapped = readCredential(dirname(path))
  const wrapping = { vault: file.vault, key: vaultOf(file.vault).unwrap(wrapped) }
  const content = { ...openPartOf(file), ...unsealed(file, wrapping) }
  return { content, privateKey: privateKeyOf(content), wrapping }
}

/** The text of a key file, its secrets in the clear or sealed. */
export function formatKeyFile(content: KeyContent, wrapping: Wrapping | null): string {
  const { privateKey, sealingKey, lookupKey } = content
  if (wrapping === null) return `${JSON.stringify({ v: 1, ...content }, null, 2)}\n`
  const plain = Buffer.from(JSON.stringify({ privateKey, sealingKey, lookupKey }))
  const open = openPartOf(content)
  const sealed = Buffer.from(seal(wrapping.key, plain, context(open, wrapping.vault))).toString('base64')
  return `${JSON.stringify({ v: 2, ...open, vault: wrapping.vault, sealed }, null, 2)}\n`
}

/** A wrapping key that was never used, and what its vault makes of it. Fault `LEDGER_KEY_VAULT`. */
export function newWrapping(vault: KeyVault): { readonly wrapping: Wrapping; readonly wrapped: Uint8Array } {
  const key = new Uint8Array(randomBytes(32))
  return { wrapping: { vault: vault.name, key }, wrapped: vault.wrap(key) }
}

/** Which vault a key file needs, and what it made; null for a file in the clear. Faults of `readKeyFile`. */
export function keyFileVault(dir: string): { readonly vault: KeyVault; readonly wrapped: Uint8Array } | null {
  const file = parseFile(readText(join(dir, STATION_KEY_FILE)))
  return file.v === 1 ? null : { vault: vaultOf(file.vault), wrapped: readCredential(dir) }
}

/** Bound to the secrets, so that sealed ones can't be put into another station's file. */
function context(
  { origin, simulated }: Pick<KeyContent, 'origin' | 'simulated'>,
  vault: VaultName,
): string[] {
  return ['shidao-station-key/v2', origin, String(simulated), vault]
}

function openPartOf({
  origin,
  simulated,
  rotations,
}: Pick<KeyContent, 'origin' | 'simulated' | 'rotations'>): Pick<
  KeyContent,
  'origin' | 'simulated' | 'rotations'
> {
  return { origin, simulated, ...(rotations === undefined ? {} : { rotations }) }
}

function unsealed(file: z.infer<typeof sealedFile>, { key }: Wrapping): z.infer<typeof secretPart> {
  const sealed = new Uint8Array(Buffer.from(file.sealed, 'base64'))
  const plain = key.length === 32 ? unseal(key, sealed, context(file, file.vault)) : null
  if (plain === null)
    throw new Fault(
      'LEDGER_KEY_UNWRAP',
      'the wrapping key that the system gave does not open this station key',
    )
  try {
    return secretPart.parse(JSON.parse(new TextDecoder().decode(plain)))
  } catch {
    throw corrupt()
  }
}

function parseFile(text: string): z.infer<typeof plainFile> | z.infer<typeof sealedFile> {
  try {
    return z.discriminatedUnion('v', [plainFile, sealedFile]).parse(JSON.parse(text))
  } catch {
    throw corrupt()
  }
}

function privateKeyOf(content: KeyContent): KeyObject {
  try {
    const key = createPrivateKey(content.privateKey)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below, without what the parser quotes.
  }
  throw corrupt()
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new Fault(
        'LEDGER_KEY_MISSING',
        'no station key is there: no station was set up here, or its key is gone (restore it or re-enrol)',
      )
    throw new Fault('LEDGER_KEY_UNREADABLE', `the station key cannot be read (${code})`, { cause: thrown })
  }
}

function readCredential(dir: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(join(dir, CREDENTIAL_FILE)))
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    throw new Fault(
      'LEDGER_KEY_UNWRAP',
      `${CREDENTIAL_FILE}, which wraps the station key, cannot be read (${code})`,
    )
  }
}

/** Without a cause: a parser's message may quote the secret. */
function corrupt(): Fault {
  return new Fault('LEDGER_KEY_CORRUPT', 'the station key file is damaged; restore it or re-enrol')
}
