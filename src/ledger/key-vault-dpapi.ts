import { createRequire } from 'node:module'
import { Fault } from '../common/fault.ts'
import type { KeyVault } from './key-vault.ts'

/** The two calls of crypt32, over plain bytes; null where Windows refused. */
export interface DataProtection {
  protect(plain: Uint8Array): Uint8Array | null
  unprotect(wrapped: Uint8Array): Uint8Array | null
}

/**
 * Windows' Data Protection API (dpapi.h), for the account that runs the station: a password reset by an administrator,
 * and a new profile, make what it wrapped unreadable. Its marshalling is tested against a library compiled for the test;
 * it has not been tried on Windows.
 */
export function dpapiVault(
  open: () => DataProtection = () => dataProtection({ crypt32: 'crypt32.dll', kernel32: 'kernel32.dll' }),
): KeyVault {
  return {
    name: 'dpapi',
    obstacle: () => (process.platform === 'win32' ? null : 'only Windows has it'),
    wrap: (secret) =>
      bytesOrFault(
        () => open().protect(secret),
        new Fault('LEDGER_KEY_VAULT', 'DPAPI does not protect the station key'),
      ),
    unwrap: (wrapped) =>
      bytesOrFault(
        () => open().unprotect(wrapped),
        new Fault('LEDGER_KEY_UNWRAP', 'DPAPI does not open the station key: another account or machine'),
      ),
    describe: () => ({
      heldBy: 'Windows DPAPI, for this account (not tried on real machines)',
      notAgainst: 'programs of this account, nor an administrator who can act as it',
    }),
  }
}

/** Opens the calls in the named libraries. Throws koffi's errors where a library or a function isn't there. */
export function dataProtection(files: {
  readonly crypt32: string
  readonly kernel32: string
}): DataProtection {
  // Loaded late: no machine but a Windows one needs it for its key.
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
  const blob = koffi.struct({ cbData: 'uint32', pbData: 'void *' })
  const [crypt32, kernel32] = [koffi.load(files.crypt32), koffi.load(files.kernel32)]
  const input = koffi.pointer(blob)
  const output = koffi.out(koffi.pointer(blob))
  const words = ['void *', input, 'void *', 'void *', 'uint32', output]
  const protectData = crypt32.func('__stdcall', 'CryptProtectData', 'int', [input, ...words])
  const unprotectData = crypt32.func('__stdcall', 'CryptUnprotectData', 'int', [input, ...words])
  const localFree = kernel32.func('__stdcall', 'LocalFree', 'void *', ['void *'])
  const call = (work: typeof protectData) => (bytes: Uint8Array) => {
    const given = Buffer.from(bytes)
    const made = { cbData: 0, pbData: null as unknown }
    const isDone = work(
      { cbData: given.length, pbData: given },
      null,
      null,
      null,
      null,
      CRYPTPROTECT_UI_FORBIDDEN,
      made,
    )
    if (isDone === 0 || made.pbData === null) return null
    const copy = Uint8Array.from(koffi.decode(made.pbData, 'uint8', made.cbData) as Uint8Array)
    localFree(made.pbData)
    return copy
  }
  return { protect: call(protectData), unprotect: call(unprotectData) }
}

/** No window asks anybody anything. */
const CRYPTPROTECT_UI_FORBIDDEN = 0x1

function bytesOrFault(work: () => Uint8Array | null, fault: Fault): Uint8Array {
  try {
    const bytes = work()
    if (bytes !== null) return bytes
  } catch {
    // The library isn't there, or isn't what it should be: the same to whoever needs the key.
  }
  throw fault
}
