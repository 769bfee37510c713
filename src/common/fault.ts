/**
 * The one error of the product: a code that programs branch on and a sentence that people read.
 *
 * Codes are grouped by layer and never renamed once released, because field staff and scripts know them.
 * The sentence is for stderr and logs, in English; a screen looks the code up in its own language.
 * Neither may hold a name, a number of a person or a secret.
 */
export class Fault extends Error {
  readonly code: FaultCode

  constructor(code: FaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'Fault'
    this.code = code
  }
}

/** `LAYER_REASON` in capitals, e.g. `CARD_CHECKSUM`, `LEDGER_READ_ONLY`. */
export type FaultCode = `${Layer}_${Uppercase<string>}`

type Layer =
  | 'USAGE'
  | 'CARD'
  | 'PORT'
  | 'FACE'
  | 'LEDGER'
  | 'CLASS'
  | 'ROSTER'
  | 'PACK'
  | 'CLAIM'
  | 'STATION'
  | 'UPLOAD'
  | 'COLLECTOR'
  | 'EXPORT'
  | 'PROOF'
  | 'INSPECT'
  | 'SYSTEM'

/** Gives any thrown value a code, so that the rim of the program never prints a stack to a person. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  // A parser's message quotes what it couldn't read, which may be anybody's record.
  if (thrown instanceof SyntaxError)
    return new Fault('SYSTEM_UNEXPECTED', 'something that should be read cannot be parsed', { cause: thrown })
  const cause = thrown instanceof Error ? thrown : new Error(typeof thrown)
  return new Fault('SYSTEM_UNEXPECTED', cause.message.split('\n')[0] ?? 'unknown', { cause })
}
