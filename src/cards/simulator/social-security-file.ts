import { z } from 'zod'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { printedOnly } from './card-file.ts'
import { encodeGbk } from './gbk.ts'
import { type SimulatedFault, simulatedFault } from './line-faults.ts'
import type { SimulatedHolder, SocialSecurityProgram } from './social-security-card.ts'

/** What `card simulate` plays in a contact slot. */
export interface SocialSecurityFile {
  readonly program: SocialSecurityProgram
  readonly faults: readonly SimulatedFault[]
}

/**
 * Reads a card file of kind `ssc`, already parsed as JSON: the document of `card read` with `generation` (1 to 3; if
 * left out 2, or 3 where its holder is null; 3 hides its holder), `token`, `quirks` (see
 * `SocialSecurityQuirks`) and `faults`. The identification code must begin with 990000, an area that was never given out.
 * `CARD_FILE` says which field isn't understood or doesn't fit.
 */
export function parseSocialSecurityFile(document: unknown): Result<SocialSecurityFile> {
  const parsed = schema.safeParse(document)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return failed(new Fault('CARD_FILE', `${issue?.path.join('.') || 'the document'}: ${issue?.message}`))
  }
  const { token, validFrom, validTo, quirks, faults } = parsed.data
  const named = holderOf(parsed.data)
  if (!named.ok) return named
  const generation = parsed.data.generation ?? (named.value === null ? 3 : 2)
  if (named.value === null && generation !== 3)
    return failed(new Fault('CARD_FILE', `name: a card of generation ${generation} names its holder`))
  const holder = named.value ?? HIDDEN_HOLDER
  const { name } = holder
  const room = generation === 1 ? NAME_BYTES : NAME_BYTES + EXTENSION_BYTES
  if (encodeGbk(name).length > room)
    return failed(
      new Fault('CARD_FILE', `name: a card of generation ${generation} has room for ${room} bytes`),
    )
  return ok({
    program: {
      generation,
      holder,
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
/** A field of identity cards, which `card read` prints for every card. */
const absentHere = z.null().optional()

/** In the file that a card of generation 3 shows to nobody without a PSAM. */
const HIDDEN_HOLDER: SimulatedHolder = {
  name: '模拟持卡人',
  number: '990000199001010016',
  sex: '1',
  ethnicity: '01',
  birth: '1990-01-01',
}

const schema = z.strictObject({
  ...printedOnly,
  kind: z.literal('ssc'),
  generation: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
  name: z.string().min(1).max(50).nullable(),
  number: z
    .string()
    .regex(/^[0-9A-Z]{1,18}$/)
    .nullable(),
  sex: z.enum(['1', '2']).nullable(),
  ethnicity: z
    .string()
    .regex(/^[0-9]{2}$/)
    .nullable(),
  birth: date.nullable(),
  nameEn: absentHere,
  formerNumber: absentHere,
  passNumber: absentHere,
  nationality: absentHere,
  address: absentHere,
  issuer: absentHere,
  photo: z.unknown().optional(),
  reader: z.unknown().optional(),
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

/** All of it or nothing: null for a card that shows no holder. */
function holderOf({
  name,
  number,
  sex,
  ethnicity,
  birth,
}: z.infer<typeof schema>): Result<SimulatedHolder | null> {
  const fields = { name, number, sex, ethnicity, birth }
  const missing = Object.entries(fields).filter(([, value]) => value === null)
  if (missing.length === Object.keys(fields).length) return ok(null)
  if (missing.length === 0) return ok(fields as SimulatedHolder)
  return failed(new Fault('CARD_FILE', `${missing[0]?.[0]}: null, though other fields name a holder`))
}

/** Without the ones that were left out. */
function chosen(quirks: z.infer<typeof schema>['quirks']): SocialSecurityProgram['quirks'] {
  return Object.fromEntries(Object.entries(quirks).filter(([, value]) => value !== undefined))
}
