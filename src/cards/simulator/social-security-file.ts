import { z } from 'zod'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { encodeGbk } from './gbk.ts'
import { type SimulatedFault, simulatedFault } from './line-faults.ts'
import type { SocialSecurityProgram } from './social-security-card.ts'

/** What `card simulate` plays in a contact slot. */
export interface SocialSecurityFile {
  readonly program: SocialSecurityProgram
  readonly faults: readonly SimulatedFault[]
}

/**
 * Reads a card file of kind `ssc`, already parsed as JSON: the document of `card read` with `generation` (1 to 3; 2 if
 * left out; 3 hides its holder), `token`, `quirks` (see `SocialSecurityQuirks`) and `faults`. The identification code
 * must begin with 990000, an area that was never given out.
 * `CARD_FILE` says which field isn't understood or doesn't fit.
 */
export function parseSocialSecurityFile(document: unknown): Result<SocialSecurityFile> {
  const parsed = schema.safeParse(document)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return failed(new Fault('CARD_FILE', `${issue?.path.join('.') || 'the document'}: ${issue?.message}`))
  }
  const { name, number, sex, ethnicity, birth, generation, token, validFrom, validTo, quirks, faults } =
    parsed.data
  const room = generation === 1 ? NAME_BYTES : NAME_BYTES + EXTENSION_BYTES
  if (encodeGbk(name).length > room)
    return failed(
      new Fault('CARD_FILE', `name: a card of generation ${generation} has room for ${room} bytes`),
    )
  return ok({
    program: {
      generation,
      holder: { name, number, sex, ethnicity, birth },
      cardNumber: token.cardNumber,
      identificationCode: token.identificationCode,
      validFrom,
      validTo,
      quirks: chosen(quirks),
    },
    faults,
  })
}

/** GBK, in the name's own record and in its extension. */
const NAME_BYTES = 30
const EXTENSION_BYTES = 20

const date = z.iso.date()
const quirk = z.boolean().optional()

const schema = z.object({
  kind: z.literal('ssc'),
  generation: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(2),
  name: z.string().min(1).max(50),
  number: z.string().regex(/^[0-9A-Z]{1,18}$/),
  sex: z.enum(['1', '2']),
  ethnicity: z.string().regex(/^[0-9]{2}$/),
  birth: date,
  validFrom: date,
  validTo: date,
  token: z
    .object({
      identificationCode: z.string().regex(/^990000[0-9A-F]{26}$/),
      cardNumber: z.string().regex(/^[0-9A-Z]{1,9}$/),
    })
    .default({ identificationCode: '990000D1560000050000000000000001', cardNumber: 'A00000001' }),
  quirks: z
    .strictObject({
      holderHidden: quirk,
      asciiYears: quirk,
      noTags: quirk,
      noWholeFile: quirk,
      noFileSelection: quirk,
      wrongTlv: quirk,
    })
    .default({}),
  faults: z.array(simulatedFault).max(100).default([]),
})

/** Without the ones that were left out. */
function chosen(quirks: z.infer<typeof schema>['quirks']): SocialSecurityProgram['quirks'] {
  return Object.fromEntries(Object.entries(quirks).filter(([, value]) => value !== undefined))
}
