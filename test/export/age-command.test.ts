import { expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { openAge, sealAge } from '../../src/export/sealed/age.ts'
import {
  createAuditorKey,
  formatKeyFile,
  parseKeyFile,
  parseRecipient,
} from '../../src/export/sealed/age-keys.ts'
import { describeIf } from '../support/requires.ts'
import { ageKeygen, ageOpen, ageSeal, programAbsent } from './outside-readers.ts'

// By keys only: for a passphrase age wants a terminal.
describeIf(
  programAbsent('age', '--version') ?? programAbsent('age-keygen', '--version'),
  'the age command',
  () => {
    const secret = new Uint8Array(32).fill(1)
    const auditors = [createAuditorKey(), createAuditorKey()]
    const recipients = auditors.map(({ recipient }) => recipient)
    const keys = recipients.map((recipient) => unwrap(parseRecipient(recipient)))
    const files = auditors.map((key) => formatKeyFile(key, '2026-03-16T08:00:00Z'))
    /** Around the ends of the chunks that age seals one by one. */
    const sizes = [0, 1, 65_535, 65_536, 65_537, 200_001]
    const contentOf = (size: number) => Uint8Array.from({ length: size }, (_, at) => at * 7)

    test.each(sizes)('opens %i bytes that were sealed here, with each auditor’s key file', (size) => {
      const sealed = sealAge(contentOf(size), { keys }, secret)
      for (const file of files) expect(ageOpen(sealed, file).equals(contentOf(size))).toBe(true)
    })

    test.each(sizes)('seals %i bytes that open here with each auditor’s key', (size) => {
      const sealed = ageSeal(contentOf(size), recipients)
      for (const file of files) {
        const opened = unwrap(openAge(sealed, { keys: unwrap(parseKeyFile(file)) }))
        expect(Buffer.from(opened).equals(contentOf(size))).toBe(true)
      }
    })

    test('makes a key whose public half may be given here, and opens what is sealed for it', () => {
      const file = ageKeygen()
      const key = unwrap(parseRecipient(/age1\w+/.exec(file)?.[0] ?? ''))
      const sealed = sealAge(contentOf(100), { keys: [key] }, secret)
      expect(ageOpen(sealed, file).equals(contentOf(100))).toBe(true)
      expect(openAge(sealed, { keys: unwrap(parseKeyFile(file)) }).ok).toBe(true)
    })

    test('opens nothing of a file that was changed, or with another key', () => {
      const sealed = sealAge(contentOf(100), { keys }, secret)
      const changed = Uint8Array.from(sealed)
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
      expect(() => ageOpen(changed, files[0] ?? '')).toThrow()
      expect(() => ageOpen(sealed, formatKeyFile(createAuditorKey(), ''))).toThrow()
    })
  },
)
