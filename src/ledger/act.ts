import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scryptSync,
  sign,
} from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { actMessage } from './act-verification.ts'
import { rawEd25519 } from './ed25519.ts'
import type { SignedAct } from './event.ts'
import { seal, unseal } from './sealing.ts'

export { type PublicKeyOf, requireTwoSigners, verifyAct } from './act-verification.ts'

/*
 * What people do by hand (opening a class, changing a roster, a correction) is signed with their own keys, not the
 * station's: Ed25519 over `shidao-act/v1\n` and the statement, a JSON text that is never re-serialised.
 */

/** A private key under a PIN. */
export interface WrappedKey {
  readonly v: 1
  /** scrypt (RFC 7914) with N = 2^logN, r, p. */
  readonly kdf: { readonly name: 'scrypt'; readonly logN: number; readonly r: number; readonly p: number }
  /** 16 bytes, hex. */
  readonly salt: string
  /** PKCS #8 DER, sealed with AES-256-GCM; hex. */
  readonly sealed: string
}

/**
 * Makes a person's key; takes about a tenth of a second.
 * The PIN slows a thief down and no more: with the wrapped key in hand, a million six-digit PINs are a day's work, so a
 * wrapped key is kept as a sealed record.
 */
export function createActorKey(pin: string): { readonly publicKey: string; readonly wrapped: WrappedKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const salt = randomBytes(16)
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
  const sealed = seal(pinKey(pin, salt, KDF), pkcs8, CONTEXT)
  return {
    publicKey: hex(rawEd25519(publicKey)),
    wrapped: { v: 1, kdf: KDF, salt: hex(salt), sealed: hex(sealed) },
  }
}

/** Signs a statement for one person. Fault `LEDGER_PIN`: not this key's PIN, or the wrapped key is damaged. */
export function signAct(
  statement: string,
  by: { readonly actor: string; readonly wrapped: WrappedKey; readonly pin: string },
): Result<SignedAct['signatures'][number]> {
  const key = openWrappedKey(by.wrapped, by.pin)
  return key.ok ? ok({ actor: by.actor, signature: hex(sign(null, actMessage(statement), key.value)) }) : key
}

/** The private key itself, for what is signed otherwise than an act. Fault `LEDGER_PIN`. */
export function openWrappedKey({ salt, kdf, sealed }: WrappedKey, pin: string): Result<KeyObject> {
  // Parameters come from a file: without a bound they could ask for all memory.
  const wrongPin = failed(new Fault('LEDGER_PIN', 'the PIN is wrong'))
  if (!Number.isInteger(kdf.logN) || kdf.logN > 20 || kdf.r > 16 || kdf.p > 16) return wrongPin
  const pkcs8 = unseal(pinKey(pin, unhex(salt), kdf), unhex(sealed), CONTEXT)
  if (pkcs8 === null) return wrongPin
  return ok(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }))
}

const KDF = { name: 'scrypt', logN: 16, r: 8, p: 1 } as const
const CONTEXT = ['shidao-actor-key/v1']

function pinKey(pin: string, salt: Uint8Array, { logN, r, p }: WrappedKey['kdf']): Uint8Array {
  // One spelling of a PIN with letters, whatever keyboard it came from.
  return scryptSync(pin.normalize('NFKC'), salt, 32, { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r })
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

function unhex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}
