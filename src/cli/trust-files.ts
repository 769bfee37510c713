import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { createDurably } from '../ledger/durable-file.ts'
import { ed25519Signer, type NoteSigner, parseVkey } from '../ledger/note.ts'
import type { Policy } from '../ledger/policy.ts'
import { openTrustList, type TrustList } from '../ledger/trust-list.ts'
import { defaultDataFolder } from './command.ts'

/* Trust lists and an authority's key, as files; and which lists this account saw, so that no older one comes back. */

/** The policy of `--trust FILE --trust-key VKEY`; nothing without them. Faults: `USAGE_TRUST`, and those of `readTrust`. */
export function trustPolicy(file: string | undefined, vkey: string | undefined): { policy?: Policy } {
  if (file === undefined && vkey === undefined) return {}
  if (file === undefined || vkey === undefined)
    throw new Fault('USAGE_TRUST', '--trust FILE and --trust-key VKEY belong together')
  return { policy: readTrust(file, vkey).policy }
}

/**
 * Reads a list, verifies it by the authority's key, which came by another way, and remembers its serial.
 * Faults: `LEDGER_NOT_FOUND`, `USAGE_KEY`, and those of `openTrustList`.
 */
export function readTrust(file: string, vkey: string, now: number = Date.now()): TrustList {
  const authority = parseVkey(vkey)
  if (!authority.ok) throw new Fault('USAGE_KEY', `--trust-key: ${authority.fault.message}`)
  const seen = readSeen()
  const list = unwrap(openTrustList(readText(file), authority.value, { now, seen: seen[vkey] ?? 0 }))
  const { serial } = list.document
  if (serial > (seen[vkey] ?? 0)) writeSeen({ ...seen, [vkey]: serial })
  return list
}

/** The authority's signer, from a file that is made where there is none (mode 0600). Fault `LEDGER_KEY_CORRUPT`. */
export function authoritySigner(path: string, name: string): NoteSigner {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    createDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600)
  }
  try {
    return ed25519Signer(name, createPrivateKey(readFileSync(path)))
  } catch {
    // No cause: a parser's message may quote the secret.
    throw new Fault('LEDGER_KEY_CORRUPT', `${path} holds no Ed25519 key`)
  }
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Fault('LEDGER_NOT_FOUND', `${path} cannot be read`, { cause })
  }
}

const serials = z.record(z.string(), z.int().min(1))
const seenFile = (): string => join(defaultDataFolder(), 'trust-seen.json')

function readSeen(): Readonly<Record<string, number>> {
  try {
    return serials.parse(JSON.parse(readFileSync(seenFile(), 'utf8')))
  } catch {
    return {}
  }
}

function writeSeen(seen: Readonly<Record<string, number>>): void {
  mkdirSync(dirname(seenFile()), { recursive: true, mode: 0o700 })
  writeFileSync(seenFile(), `${JSON.stringify(seen, null, 2)}\n`, { mode: 0o600 })
}
