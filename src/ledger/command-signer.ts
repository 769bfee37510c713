import { spawnSync } from 'node:child_process'
import { Fault } from '../common/fault.ts'
import type { NoteSigner, VerifierKey } from './note.ts'
import { signatureTypes } from './signature-type.ts'

export interface CommandSignerOptions {
  /** The public half, read out of the device once. */
  readonly key: VerifierKey
  /** Program and arguments. No shell. */
  readonly command: readonly string[]
  readonly timeoutMs: number
}

/**
 * A signer whose key lies in a TPM, a UKey or a card, behind a program of its own: a vendor's library that crashes or
 * hangs takes that program down and not the station. The message goes to the program's stdin, the signature comes from
 * its stdout in hex (docs/signing-drivers.md). Starting a program costs tens of milliseconds, so this is for the gm
 * suite, which signs a few times an hour, and not for the key that signs every event.
 * What comes back is verified before it is used. Throws `LEDGER_SIGNER` if there is no true signature in time.
 */
export function commandSigner({ key, command, timeoutMs }: CommandSignerOptions): NoteSigner {
  const [program = '', ...words] = command
  const type = signatureTypes[key.type]!
  const sign = (message: Uint8Array): Uint8Array => {
    const { status, error, stdout } = spawnSync(program, words, {
      input: message,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024,
      encoding: 'utf8',
      windowsHide: true,
    })
    if (error !== undefined || status !== 0) {
      const reason = (error as NodeJS.ErrnoException | undefined)?.code ?? `exit ${status}`
      throw new Fault('LEDGER_SIGNER', `the signing program gave no signature (${reason})`)
    }
    const signature = new Uint8Array(Buffer.from(stdout.trim(), 'hex'))
    const text = new TextDecoder().decode(message)
    if (signature.length === type.signatureBytes && type.verify(key.publicKey, text, signature))
      return signature
    throw new Fault('LEDGER_SIGNER', 'what the signing program gave is no signature of this key')
  }
  return { key, sign }
}
