import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cosign, cosignerKey } from '../../src/ledger/cosignature.ts'
import { checkPolicy, parsePolicy } from '../../src/ledger/policy.ts'
import vectors from '../vectors/c2sp.json' with { type: 'json' }
import { station, vectorLedger } from './vector-ledger.ts'

const house = (name: string) => ({ name, privateKey: generateKeyPairSync('ed25519').privateKey })
const witnesses = ['x1', 'x2', 'x3', 'y1', 'y2', 'y3'].map(house)
const vkeys = witnesses.map(({ name, privateKey }) => cosignerKey(name, privateKey).vkey)
const [x1 = '', x2 = '', x3 = '', y1 = '', y2 = '', y3 = ''] = vkeys

// The example policy of c2sp.org/tlog-policy with keys filled in.
const example = `log ${station.key.vkey}

witness X1 ${x1}
witness X2 ${x2}
witness X3 ${x3}
group X-witnesses 2 X1 X2 X3

witness Y1 ${y1}
witness Y2 ${y2}
witness Y3 ${y3}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`
const note = vectorLedger().checkpoint()
const cosignedBy = (...which: number[]) =>
  note + which.map((i) => cosign(note, witnesses[i]!, 1_772_409_600 + i)).join('')

describe('a policy', () => {
  test('of the specification asks for two witnesses of one house and one of the other', () => {
    const policy = unwrap(parsePolicy(Buffer.from(example)))
    const accepted = [
      [0, 1, 3],
      [1, 2, 5],
      [0, 1, 2, 3, 4, 5],
    ]
    const refused = [[], [0], [0, 1], [0, 3], [3, 4, 5], [2, 4, 5]]
    for (const which of accepted) expect(checkPolicy(cosignedBy(...which), policy).ok).toBe(true)
    for (const which of refused)
      expect(codeOf(checkPolicy(cosignedBy(...which), policy))).toBe('LEDGER_POLICY_QUORUM')
    expect(unwrap(checkPolicy(cosignedBy(0, 1, 3), policy)).cosigned.at(-1)).toEqual({
      name: 'y1',
      time: 1_772_409_603,
    })
  })

  test('accepts a real checkpoint of a public log by a public witness', () => {
    const { log, witness, note, size } = vectors.checkpoint
    const text = `log ${log} https://log.example\nwitness w ${witness} https://w.example/\nquorum w\n`
    const verdict = unwrap(checkPolicy(note, unwrap(parsePolicy(Buffer.from(text)))))
    expect(verdict.checkpoint.size).toBe(size)
  })

  test('refuses a note in which a listed witness’s signature is false, though enough others are true', () => {
    const policy = unwrap(
      parsePolicy(
        Buffer.from(`log ${station.key.vkey}\nwitness a ${x1}\nwitness b ${x2}\ngroup g any a b\nquorum g\n`),
      ),
    )
    const other = cosign(vectorLedger().checkpoint(5), witnesses[1]!, 1)
    expect(codeOf(checkPolicy(cosignedBy(0) + other, policy))).toBe('LEDGER_NOTE_SIGNATURE')
  })

  test('may ask for no witness, have blanks, tabs, comments and names beyond ASCII', () => {
    const text = `\t # 说明\n\n  log\t${station.key.vkey}  \nwitness 见证 ${x1}\nquorum none`
    expect(checkPolicy(note, unwrap(parsePolicy(Buffer.from(text)))).ok).toBe(true)
  })

  test('of 32 logs, 32 witnesses and 32 groups is read', () => {
    const many = Array.from({ length: 32 }, (_, i) => house(`w${i}`))
    const lines = many.map(
      ({ name, privateKey }, i) =>
        `witness ${name} ${cosignerKey(name, privateKey).vkey}\ngroup g${i} any ${name}`,
    )
    const all = many.map((_, i) => `g${i}`)
    const text = [
      ...lines.slice(0, 31),
      lines[31]!.split('\n')[0],
      `group all 3 ${all.slice(0, 31).join(' ')}`,
      'quorum all',
    ].join('\n')
    expect(parsePolicy(Buffer.from(text)).ok).toBe(true)
  })

  const head = `witness a ${x1}\nwitness b ${x2}\n`
  test.each([
    ['no quorum', head],
    ['two quorums', `${head}quorum a\nquorum b\n`],
    ['a quorum nobody defined', `${head}quorum c\n`],
    ['a quorum before its definition', `quorum a\n${head}`],
    ['an unknown line', `${head}require a\nquorum a\n`],
    ['one key twice', `${head}witness c ${x1}\nquorum a\n`],
    ['one name twice', `${head}witness a ${x3}\nquorum a\n`],
    ['the name none', `witness none ${x1}\nquorum none\n`],
    ['a member of two groups', `${head}group g any a\ngroup h any a\nquorum g\n`],
    ['a member twice', `${head}group g 2 a a\nquorum g\n`],
    ['none as a member', `${head}group g any none\nquorum g\n`],
    ['a group of nobody', `${head}group g any\nquorum g\n`],
    ['a threshold of zero', `${head}group g 0 a b\nquorum g\n`],
    ['a threshold above the members', `${head}group g 3 a b\nquorum g\n`],
    ['a threshold with a leading zero', `${head}group g 01 a b\nquorum g\n`],
    ['a log’s key for a witness', `witness a ${station.key.vkey}\nquorum a\n`],
    ['a witness’s key for a log', `log ${x1}\nquorum none\n`],
    ['a carriage return', `${head}quorum a\r\n`],
    ['a form feed', `${head}\fquorum a\n`],
    ['a word too many', `${head}quorum a b\n`],
    ['a damaged key', `witness a ${x1.slice(0, -2)}\nquorum a\n`],
  ])('with %s is refused', (_, text) => {
    expect(codeOf(parsePolicy(Buffer.from(text)))).toBe('LEDGER_POLICY')
  })

  test('of any bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parsePolicy(bytes)
      }),
    )
  })
})

function codeOf(result: { ok: boolean; fault?: { code: string } }): string | undefined {
  return result.fault?.code
}
