import { useState } from 'react'
import type { DrawPowers, VisitAnswers } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { RowWords } from '../office/choice-list.tsx'
import { Paged } from '../office/paged.tsx'
import { useWindow } from '../window-context.ts'
import { NumberPad } from './number-pad.tsx'
import { useDoing } from './use-doing.ts'
import type { FactsAnswer } from './use-facts.ts'
import { FootButton, VisitPage } from './visit-page.tsx'
import { useSeat } from './visit-seat.ts'

/** The station has bound itself; how many are to be drawn is the inspector's still. */
export interface Lock extends Pick<VisitAnswers['visit.commit'], 'commitment' | 'n'> {
  readonly k: number
}

/** How many are drawn, with what that many would find; then the station binds itself. */
export function DrawPage(page: {
  readonly classId: string
  readonly facts: FactsAnswer
  readonly onLocked: (lock: Lock) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const { mark } = useSeat()
  const { code, isWorking, run } = useDoing()
  const words = texts.visit.draw
  const { powers, people } = page.facts
  const [k, setK] = useState(() => usualK(powers))
  const [isWriting, setIsWriting] = useState(false)
  const [weight, setWeight] = useState(1)
  const hasOnSite = people.some(({ stratum }) => stratum === 'on-site')

  if (isWriting) {
    return (
      <VisitPage
        name="draw-number"
        title={words.title}
        next={words.next}
        onBack={() => setIsWriting(false)}
        isBeside
      >
        <NumberPad
          most={MOST}
          words={(count) => fill(words.some, { n: people.length, k: count })}
          onDone={(count) => {
            setK(count)
            setIsWriting(false)
          }}
        />
      </VisitPage>
    )
  }
  const isListed = powers.some((one) => one.k === k)
  const rows = [
    ...powers.map((one) => (
      <button
        key={one.k}
        type="button"
        className={one.k === k ? 'button office-row visit-main' : 'button office-row'}
        aria-pressed={one.k === k}
        data-k={one.k}
        onClick={() => setK(one.k)}
      >
        <RowWords
          lead={fill(words.some, { n: people.length, k: one.k })}
          detail={powerWords(one.power, words)}
        />
      </button>
    )),
    <button
      key="other"
      type="button"
      className={isListed ? 'button office-row' : 'button office-row visit-main'}
      data-k="other"
      onClick={() => setIsWriting(true)}
    >
      <RowWords
        lead={words.other}
        detail={isListed ? undefined : fill(words.some, { n: people.length, k })}
      />
    </button>,
  ]
  const lock = (): void =>
    run(async () => {
      const { commitment, n } = await mark(page.classId, { act: 'visit.commit', onSiteWeight: weight })
      page.onLocked({ commitment, n, k })
    })
  return (
    <VisitPage
      name="draw"
      title={words.title}
      next={words.next}
      code={code}
      onBack={page.onBack}
      foot={
        <>
          {hasOnSite && (
            <button
              type="button"
              className="button button-quiet"
              data-visit="weight"
              onClick={() => setWeight(weight === HEAVIEST ? 1 : weight * 2)}
            >
              {fill(words.weight, { weight })}
            </button>
          )}
          <FootButton name="commit" words={words.commit} onTouch={lock} isDisabled={isWorking} isMain />
        </>
      }
    >
      <Paged rows={rows} room={code === null ? ROOM : ROOM_WITH_FAULT} />
    </VisitPage>
  )
}

/** What so many would find of five fake seats, or of as many as the class can have. */
export function powerWords(
  power: DrawPowers,
  words: { readonly misses: string; readonly finds: string },
): string {
  const seats = Object.keys(power).includes('5') ? '5' : (Object.keys(power).at(-1) ?? '')
  const chance = power[seats] ?? 0
  return fill(chance < 0.5 ? words.misses : words.finds, { seats, percent: Math.round(chance * 100) })
}

/** The fewest that find five fake seats nine times of ten. */
function usualK(powers: FactsAnswer['powers']): number {
  const strong = powers.find(({ power }) => (power['5'] ?? 0) >= 0.9)
  return (strong ?? powers.at(-1))?.k ?? 1
}

const ROOM = { small: 4, large: 4 } as const
const ROOM_WITH_FAULT = { small: 2, large: 3 } as const
const HEAVIEST = 8
const MOST = 5000
