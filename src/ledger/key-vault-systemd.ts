import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import type { KeyVault } from './key-vault.ts'

/** The name that is bound into the credential, and under which a unit's `LoadCredentialEncrypted=` gives it. */
export const CREDENTIAL_NAME = 'shidao-station-key'

/**
 * systemd's encrypted credentials, systemd-creds(1): by the TPM and the host's key file, or by the host's key file alone
 * where there is no TPM. What systemd has opened for the service already ($CREDENTIALS_DIRECTORY) is taken first, so that
 * a station can run in an account that may not open credentials by itself.
 * Not bound to any PCR: a firmware update would make the station's key unreadable for good.
 */
export const systemdVault: KeyVault = {
  name: 'systemd-creds',

  obstacle() {
    if (process.platform !== 'linux') return 'only Linux has it'
    const { error, status } = spawnSync('systemd-creds', ['--version'], {
      timeout: TIMEOUT_MS,
      stdio: 'ignore',
    })
    return error === undefined && status === 0 ? null : 'the program systemd-creds is not here'
  },

  wrap(secret) {
    const answer = credentials(['encrypt', '--with-key=auto', '--tpm2-pcrs='], secret)
    if (answer.bytes === null)
      throw new Fault('LEDGER_KEY_VAULT', `systemd-creds wraps nothing: ${answer.why}`)
    return answer.bytes
  },

  unwrap(wrapped) {
    const given = givenByUnit()
    if (given !== null) return given
    const answer = credentials(['decrypt', '--newline=no'], wrapped)
    if (answer.bytes !== null) return answer.bytes
    throw new Fault('LEDGER_KEY_UNWRAP', `systemd-creds does not open the station key here: ${answer.why}`)
  },

  describe(wrapped) {
    const kind = Buffer.from(Buffer.from(wrapped).toString('latin1'), 'base64')
      .subarray(0, 16)
      .toString('hex')
    return (
      KINDS[kind] ?? {
        heldBy: 'systemd, by a key of a kind that this program does not know',
        notAgainst: 'root on this machine',
      }
    )
  },
}

/** How a credential begins, by what it is encrypted: systemd, src/shared/creds-util.h. */
const KINDS: Readonly<Record<string, ReturnType<KeyVault['describe']>>> = {
  '5a1c6a86df9d4096b1d5a65e0862f19a': {
    heldBy: 'systemd, by this machine’s key file (/var/lib/systemd/credential.secret), without a TPM',
    notAgainst: 'root on this machine, nor whoever takes the whole disk unless it is encrypted',
  },
  '93a894094874449090caf2fc93cab553': {
    heldBy: 'systemd, by this machine’s TPM and its key file',
    notAgainst: 'root on this machine, nor whoever takes the whole machine',
  },
}

const TIMEOUT_MS = 20_000

function givenByUnit(): Uint8Array | null {
  const folder = process.env.CREDENTIALS_DIRECTORY
  if (folder === undefined || !existsSync(join(folder, CREDENTIAL_NAME))) return null
  return new Uint8Array(readFileSync(join(folder, CREDENTIAL_NAME)))
}

/** Secrets go through pipes only, never through a command line or a file. */
function credentials(
  words: readonly string[],
  input: Uint8Array,
): { readonly bytes: Uint8Array; readonly why: null } | { readonly bytes: null; readonly why: string } {
  const all = [...words, `--name=${CREDENTIAL_NAME}`, '-', '-']
  const { status, error, stdout, stderr } = spawnSync('systemd-creds', all, {
    input,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024,
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
  })
  if (error === undefined && status === 0 && stdout.length > 0)
    return { bytes: new Uint8Array(stdout), why: null }
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const said =
    stderr
      ?.toString('utf8')
      .trim()
      .split('\n')
      .at(-1)
      ?.replaceAll(/[^\x20-\x7e]/g, '') ?? ''
  return { bytes: null, why: code ?? (said === '' ? `exit ${status}` : said.slice(0, 200)) }
}
