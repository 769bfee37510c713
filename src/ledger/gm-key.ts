import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { fromHex, toHex } from './bytes.ts'
import { commandSigner } from './command-signer.ts'
import { createDurably } from './durable-file.ts'
import { gmOrigin, sm2Signer } from './gm-suite.ts'
import { type NoteSigner, verifierKey } from './note.ts'
import { SIGNATURE_TYPE } from './signature-type.ts'
import { sm2PrivateKey } from './sm2.ts'
import { storeFault } from './sqlite.ts'

export const GM_KEY_FILE = 'station-gm.key'

/** `station-gm.key`: the SM2 key itself, or the program that signs with it where it lies. */
const keyFile = z.union([
  z.strictObject({ v: z.literal(1), privateKey: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({
    v: z.literal(1),
    /** x || y, base64. */
    publicKey: z.string().length(88),
    command: z.array(z.string().min(1)).min(1).max(32),
    timeoutMs: z.int().min(100).max(60_000).default(5_000),
  }),
])

/**
 * The signer of a station's second tree, from `DIR/station-gm.key`; born there (mode 0600) where there is none.
 * Faults: `LEDGER_GM_SELFTEST`, `LEDGER_KEY_CORRUPT`, and those of the file system.
 */
export function gmSigner(dir: string, origin: string): NoteSigner {
  const path = join(dir, GM_KEY_FILE)
  if (!existsSync(path)) birth(path)
  const content = parse(readFileSync(path, 'utf8'))
  const name = gmOrigin(origin)
  if ('privateKey' in content) return sm2Signer(name, fromHex(content.privateKey)!)
  const publicKey = decodeBase64(content.publicKey)
  if (publicKey?.length !== 64) throw corrupt()
  const { command, timeoutMs } = content
  return commandSigner({ key: verifierKey(name, SIGNATURE_TYPE.sm2, publicKey), command, timeoutMs })
}

function birth(path: string): void {
  let key: Uint8Array | null = null
  while (key === null) key = sm2PrivateKey(new Uint8Array(randomBytes(32)))
  try {
    createDurably(path, `${JSON.stringify({ v: 1, privateKey: toHex(key) }, null, 2)}\n`, 0o600)
  } catch (thrown) {
    throw storeFault(thrown)
  }
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

/** The content of a key file for a key in a TPM, a UKey or a card; `publicKey` is x || y. */
export function gmCommandKeyFile(publicKey: Uint8Array, command: readonly string[]): string {
  return `${JSON.stringify({ v: 1, publicKey: encodeBase64(publicKey), command }, null, 2)}\n`
}
