import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { toHex } from './bytes.ts'
import type { Hash } from './merkle-hash.ts'
import { type NoteSigner, openNote, parseVkey, signNote, splitNote, type VerifierKey } from './note.ts'
import { SIGNATURE_TYPE } from './signature-type.ts'

/*
 * How a station changes its key: a C2SP signed note that both keys sign, at one place of one history.
 *
 *   shidao/rotation@v1
 *   {"origin":"shidao/station/…","size":120,"root":"…","old":"…","next":"…","reason":"planned"}
 *
 *   — shidao/station/… <signature of the old key>
 *   — shidao/station/… <signature of the next key>
 *
 * The old key vouches for the next one; the next one for everything before it, of which the root is in the note.
 */

export type RotationReason = 'planned' | 'compromised'

export interface Rotation {
  readonly origin: string
  /** Events before the one that holds this note, and the root of their tree, hex. */
  readonly size: number
  readonly root: string
  readonly old: VerifierKey
  readonly next: VerifierKey
  readonly reason: RotationReason
}

const HEADER = 'shidao/rotation@v1'

const statement = z.strictObject({
  origin: z.string().min(1).max(200),
  size: z.int().min(1),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  old: z.string().max(400),
  next: z.string().max(400),
  reason: z.enum(['planned', 'compromised']),
})

/** Signs the change from one signer to the next. Both have the origin (of the tree that they sign) as their name. */
export function rotationNote(
  at: { readonly size: number; readonly root: Hash; readonly reason: RotationReason },
  old: NoteSigner,
  next: NoteSigner,
): string {
  const said: z.infer<typeof statement> = {
    origin: old.key.name,
    size: at.size,
    root: toHex(at.root),
    old: old.key.vkey,
    next: next.key.vkey,
    reason: at.reason,
  }
  return signNote(`${HEADER}\n${JSON.stringify(said)}\n`, [old, next])
}

/** Reads a rotation and verifies both signatures. Total. Fault `LEDGER_ROTATION`. Whether `old` is known is for the caller. `type` is the keys'. */
export function openRotation(note: string, type: number = SIGNATURE_TYPE.ed25519): Result<Rotation> {
  const split = splitNote(note)
  const said = split.ok ? statement.safeParse(jsonAfterHeader(split.value.text)) : null
  if (!said?.success) return malformed('this is not a change of keys')
  const [old, next] = [parseVkey(said.data.old), parseVkey(said.data.next)]
  if (!old.ok || !next.ok) return malformed('a key is not one')
  const keys = [old.value, next.value]
  const isOrigins = keys.every((key) => key.name === said.data.origin && key.type === type)
  if (!isOrigins || old.value.vkey === next.value.vkey)
    return malformed('a key is not another one of the origin')
  const opened = openNote(note, keys)
  const signers = opened.ok ? new Set(opened.value.verified.map(({ key }) => key.vkey)) : new Set()
  if (signers.size < 2) return malformed('not signed by the old and the next key')
  return ok({ ...said.data, old: old.value, next: next.value })
}

function jsonAfterHeader(text: string): unknown {
  const [header, json = '', end, ...rest] = text.split('\n')
  if (header !== HEADER || end !== '' || rest.length > 0) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function malformed(message: string) {
  return failed(new Fault('LEDGER_ROTATION', `rotation: ${message}`))
}
