import { failed, ok, type Result } from '../../common/result.ts'
import { maxRfBytes, type SamCommand, type SamDialect } from '../codec/command.ts'
import { formatSamNumber } from '../codec/sam-number.ts'
import { RefusalFault } from '../codec/status.ts'
import type { ExchangeLimits, SamLine } from './sam-line.ts'

export interface Greeting {
  readonly dialect: SamDialect
  /** False where the SAM is known to leave the self-test without an answer. */
  readonly selfTest: boolean
  /** Largest RF frame to set once (61 FF), null: leave it alone. */
  readonly maxRfBytes: number | null
  readonly limits: ExchangeLimits
}

/**
 * The first words to a SAM on a line whose speed is known: self-test, with one reset where it advises that, RF size,
 * management number. Gives the number as vendors print it, null where the SAM doesn't say.
 *
 * Faults: those of the line when it is lost, and the SAM's own where only service can help (`CARD_SAM_SELF_TEST` after
 * a reset that didn't, `CARD_SAM_NOT_AUTHORISED`). A SAM that is silent here is taken: some know neither command.
 */
export async function greetSam(line: SamLine, greeting: Greeting): Promise<Result<{ samId: string | null }>> {
  const { dialect, limits } = greeting
  const ask = (command: SamCommand) => line.exchange(command, limits)

  if (greeting.selfTest) {
    let test = await ask(dialect.status)
    if (!test.ok && advice(test.fault) === 'reset') {
      await ask(dialect.reset)
      test = await ask(dialect.status)
    }
    if (!test.ok && isHopeless(test.fault)) return test
  }
  if (line.lost !== null) return failed(line.lost)

  if (greeting.maxRfBytes !== null) await ask(maxRfBytes(greeting.maxRfBytes))
  if (dialect.samNumber === null) return ok({ samId: null })
  const number = await ask(dialect.samNumber)
  if (!number.ok && isHopeless(number.fault)) return number
  return ok({ samId: number.ok ? formatSamNumber(number.value.data) : null })
}

/** Whether the SAM itself says that no further try makes sense. */
function isHopeless(fault: Error): boolean {
  return (
    fault instanceof RefusalFault &&
    (fault.code === 'CARD_SAM_NOT_AUTHORISED' || fault.code === 'CARD_SAM_SELF_TEST')
  )
}

function advice(fault: Error) {
  return fault instanceof RefusalFault ? fault.advice : null
}
