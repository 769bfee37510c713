import { useState } from 'react'
import { civilDate, civilTime } from '../../common/civil-time.ts'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import { type Flag, flagsOf, signed } from './fact-flags.ts'
import { PortraitBar } from './portrait-bar.tsx'
import type { FactsAnswer } from './use-facts.ts'
import { useIsTall } from './use-is-tall.ts'
import { FootButton, VisitPage } from './visit-page.tsx'

/** What the log claims, for ten seconds: four numbers, what stands out, whose portraits; more behind one touch. */
export function FactsPage(page: {
  readonly facts: FactsAnswer
  readonly code: string | null
  readonly onBegin: () => void
  readonly onPattern: () => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const words = texts.visit.facts
  const { facts, visit } = page.facts
  const isTall = useIsTall()
  const [wantsMore, setWantsMore] = useState(false)
  return (
    <VisitPage
      name="facts"
      title={facts.title}
      next={words.next}
      code={page.code}
      onBack={page.onBack}
      foot={
        <FootButton
          name="begin"
          words={visit === null ? words.begin : words.resume}
          onTouch={page.onBegin}
          isMain
        />
      }
    >
      {!isTall && (
        <button
          type="button"
          className="button button-quiet office-more"
          data-visit="more"
          onClick={() => setWantsMore(!wantsMore)}
        >
          {words.more} {wantsMore ? 2 : 1}/2
        </button>
      )}
      {(isTall || !wantsMore) && <Glance facts={page.facts} />}
      {(isTall || wantsMore) && <More facts={page.facts} onPattern={page.onPattern} />}
    </VisitPage>
  )
}

function Glance({ facts: { facts } }: { readonly facts: FactsAnswer }) {
  const { texts } = useWindow()
  const words = texts.visit.facts
  const flags = flagsOf(facts)
  const difference = facts.headcount === null ? null : facts.headcount - facts.present
  return (
    <>
      <dl className="visit-numbers">
        <Tile words={words.expected} number={String(facts.expected)} />
        <Tile words={words.signedIn} number={String(facts.signedIn)} />
        <Tile words={words.present} number={String(facts.present)} />
        <Tile
          words={words.headcount}
          number={
            facts.headcount === null ? words.uncounted : `${facts.headcount} (${signed(difference ?? 0)})`
          }
          tone={difference === null || difference === 0 ? 'plain' : 'bad'}
        />
      </dl>
      <ul className="visit-flags">
        {flags.length === 0 && <li className="visit-flag">{words.nothing}</li>}
        {flags.map((flag) => (
          <li key={flag.name} className={`visit-flag visit-${flag.tone}`} data-flag={flag.name}>
            {wordsOf(flag, words.flags)}
          </li>
        ))}
      </ul>
      <PortraitBar portraits={facts.portraits} />
    </>
  )
}

function Tile(tile: { readonly words: string; readonly number: string; readonly tone?: 'plain' | 'bad' }) {
  return (
    <div className={`visit-number visit-${tile.tone ?? 'plain'}`}>
      <dd>{tile.number}</dd>
      <dt>{tile.words}</dt>
    </div>
  )
}

function More({ facts, onPattern }: { readonly facts: FactsAnswer; readonly onPattern: () => void }) {
  const { texts } = useWindow()
  const words = texts.visit.facts
  const { receipt, filing, room } = facts.facts
  const { pattern } = facts
  const filed = filing === null ? [] : [fill(words.filing, filing)]
  const place = [...filed, ...(room === null ? [] : [fill(words.room, { room })])]
  return (
    <>
      {pattern === null || pattern.score === null ? (
        <p className="visit-line">{words.tooLittle}</p>
      ) : (
        <button
          type="button"
          className={`button office-row ${pattern.score >= pattern.threshold ? 'office-bad' : ''}`}
          data-visit="pattern"
          onClick={onPattern}
        >
          <Icon name="inspect" />
          {fill(words.pattern, { score: pattern.score, threshold: pattern.threshold })}
        </button>
      )}
      {receipt !== null && (
        <p className="visit-line">
          {fill(words.receipt, {
            time: `${civilDate(receipt.time)} ${civilTime(receipt.time)}`,
            witness: receipt.witness,
          })}
        </p>
      )}
      {place.length > 0 && <p className="visit-line">{place.join(' · ')}</p>}
    </>
  )
}

function wordsOf({ name, count }: Flag, words: Readonly<Record<Flag['name'], string>>): string {
  return fill(words[name], { count })
}
