import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { cosign, cosignerKey } from '../ledger/cosignature.ts'
import { createDurably } from '../ledger/durable-file.ts'

/** The collector as a witness: what it signs means "at this time this was the largest consistent tree I had seen". */
export interface Cosigner {
  readonly name: string
  /** C2SP verifier key of type 0x04, which stations and inspectors pin. */
  readonly vkey: string
  /** The checkpoint note with one more line: this cosigner's, for a time in seconds since 1970. */
  cosign(checkpointNote: string, timeSeconds: number): string
}

/**
 * Opens the collector's key `DIR/collector.key` (mode 0600); it is created once, with the store, and never replaced.
 * Throws `COLLECTOR_KEY` when the file can't be read or written, or is gone while `DIR/collector.db` is still there:
 * a new key would not be the one that every station has pinned.
 */
export function openCosigner(dir: string): Cosigner {
  const path = join(dir, 'collector.key')
  if (!existsSync(path)) {
    if (existsSync(join(dir, 'collector.db'))) {
      throw new Fault('COLLECTOR_KEY', `${path} is gone while its store is still there: restore it`)
    }
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      createKeyFile(path)
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      throw new Fault('COLLECTOR_KEY', `can't make ${path} (${code})`, { cause })
    }
  }
  const key = readKeyFile(path)
  if (key === null) throw new Fault('COLLECTOR_KEY', `${path} is not a key that can be read: restore it`)
  const { name, privateKey } = key
  return {
    name,
    vkey: cosignerKey(name, privateKey).vkey,
    cosign: (note, timeSeconds) => note + cosign(note, key, timeSeconds),
  }
}

const keyFile = z.strictObject({
  v: z.literal(1),
  name: z.string().regex(/^[a-z0-9/]{1,100}$/),
  /** PKCS #8, PEM. */
  privateKey: z.string().max(1000),
})

function createKeyFile(path: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const digest = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const content = { v: 1, name: `shidao/collector/${digest.slice(0, 16)}`, privateKey: pem }
  createDurably(path, `${JSON.stringify(content)}\n`, 0o600)
}

/** Total; a parser's message may quote the secret, so none is passed on. */
function readKeyFile(path: string): { name: string; privateKey: KeyObject } | null {
  try {
    const { name, privateKey } = keyFile.parse(JSON.parse(readFileSync(path, 'utf8')))
    return { name, privateKey: createPrivateKey(privateKey) }
  } catch {
    return null
  }
}
