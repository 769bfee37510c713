import { isExpired } from '../cards/codec/civil-date.ts'
import { openReader } from '../cards/driver/open-reader.ts'
import { maskName, maskNumber } from '../cards/mask.ts'
import type { CardReading } from '../cards/reader.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { scan, scanUsage } from './card-scan.ts'
import { simulate, simulateUsage } from './card-simulate.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'

export const usage = `shidao card read --port PATH [--profile NAME] [--timeout MS] [--reveal] [--json]     one card, read once
${scanUsage}
${simulateUsage}`

export async function run(words: readonly string[]): Promise<number> {
  const [action, ...rest] = words
  if (action === 'read') return await read(rest)
  if (action === 'scan') return await scan(rest)
  if (action === 'simulate') return await simulate(rest)
  throw new Fault('USAGE_COMMAND', 'shidao card read …, card scan … or card simulate …')
}

/** Reads one card. An expired card is read; only a check at the door decides about it. */
async function read(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    port: { type: 'string' },
    profile: { type: 'string' },
    timeout: { type: 'string', default: '10000' },
    reveal: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  })
  if (values.port === undefined) throw new Fault('USAGE_PORT', 'card read needs --port PATH')
  const deadline = performance.now() + positiveInteger(values.timeout, '--timeout')
  const started = performance.now()
  const left = () => Math.max(0, deadline - performance.now())

  const reader = unwrap(
    await openReader({
      port: values.port,
      timeoutMs: left(),
      ...(values.profile === undefined ? {} : { profile: values.profile }),
    }),
  )
  try {
    const reading = unwrap(await reader.read({ timeoutMs: left() }))
    const shown = describe(reading, values.reveal, Math.round(performance.now() - started))
    printAnswer(values.json, shown, lines(shown))
  } finally {
    await reader.close()
  }
  return EXIT.yes
}

function describe({ record, token, photo, simulated, reader }: CardReading, reveal: boolean, ms: number) {
  const number = (text: string | null) => (text === null || reveal ? text : maskNumber(text))
  const name = (text: string | null) => (text === null || reveal ? text : maskName(text))
  const validity = record ?? token
  return {
    kind: record?.kind ?? 'ssc',
    name: name(record?.name ?? null),
    nameEn: name(record?.nameEn ?? null),
    number: number(record?.number ?? null),
    formerNumber: number(record?.formerNumber ?? null),
    passNumber: number(record?.passNumber ?? null),
    sex: record?.sex ?? null,
    ethnicity: record?.ethnicity ?? null,
    nationality: record?.nationality ?? null,
    birth: record?.birth ?? null,
    address: record?.address ?? null,
    issuer: record?.issuer ?? null,
    validFrom: validity.validFrom,
    validTo: validity.validTo,
    expired: isExpired(validity, civilDate(Date.now())),
    ...(token && {
      token: {
        identificationCode: number(token.identificationCode),
        cardNumber: number(token.cardNumber),
      },
    }),
    photo: { bytes: photo.block.length, format: photo.format },
    simulated,
    reader: { profile: reader.profile, samId: reader.samId },
    ms,
  }
}

function lines(shown: ReturnType<typeof describe>): string[] {
  const who =
    shown.name === null
      ? `identity token only, card ${shown.token?.cardNumber}`
      : `${shown.name}  ${shown.number}`
  return [
    `${who}${shown.simulated ? '  (simulated)' : ''}`,
    `valid ${shown.validFrom} to ${shown.validTo ?? '长期'}${shown.expired ? '  EXPIRED' : ''}`,
    `photo ${shown.photo.format}, ${shown.photo.bytes} bytes`,
    `reader ${shown.reader.profile}, SAM ${shown.reader.samId ?? 'unknown'}, ${shown.ms} ms`,
  ]
}
