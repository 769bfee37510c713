import { useState } from 'react'
import type { VisitTexts } from '../i18n/visit/texts.ts'
import type { BroughtKey } from './brought.ts'
import { ChecksPage } from './checks-page.tsx'
import { Closing } from './closing.tsx'
import { DonePage, type Ended } from './done-page.tsx'
import { DrawPage, type Lock } from './draw-page.tsx'
import { FactsPage } from './facts-page.tsx'
import { HeadcountPage } from './headcount-page.tsx'
import { HubPage, type HubPlace } from './hub-page.tsx'
import { NoncePage } from './nonce-page.tsx'
import { Opening } from './opening.tsx'
import { PatternPage } from './pattern-page.tsx'
import { Reverse } from './reverse.tsx'
import { useFacts } from './use-facts.ts'
import { VisitPage } from './visit-page.tsx'

type Place = 'facts' | 'pattern' | 'open' | 'hub' | HubPlace

/**
 * One class under inspection: what the log claims, then the visit. What is on record is the station's and read again
 * from it; only a lock that waits for its number, and a key's sealed file, are kept here until the area is left.
 */
export function ClassVisit(visited: {
  readonly id: string
  readonly texts: VisitTexts
  readonly onBack: () => void
  readonly onLeave: () => void
}) {
  const { id, texts } = visited
  const facts = useFacts(id)
  const [place, setPlace] = useState<Place>('facts')
  const [lock, setLock] = useState<Lock | null>(null)
  const [key, setKey] = useState<BroughtKey | null>(null)
  const [ended, setEnded] = useState<Ended | null>(null)
  const hub = (): void => {
    setPlace('hub')
    void facts.reload()
  }
  if (ended !== null) return <DonePage ended={ended} onLeave={visited.onLeave} />
  const { value } = facts
  if (value === null) {
    return (
      <VisitPage
        name="loading"
        title={id}
        next={texts.classes.next}
        code={facts.code}
        onBack={visited.onBack}
      />
    )
  }
  const { visit } = value
  const shared = { classId: id, facts: value }
  if (place === 'pattern') return <PatternPage pattern={value.pattern} onBack={() => setPlace('facts')} />
  if (place === 'open' && visit === null) {
    return (
      <Opening {...shared} brought={key} onKey={setKey} onOpened={hub} onBack={() => setPlace('facts')} />
    )
  }
  if (visit === null || place === 'facts' || place === 'open') {
    return (
      <FactsPage
        facts={value}
        code={facts.code}
        onBegin={() => setPlace(visit === null ? 'open' : 'hub')}
        onPattern={() => setPlace('pattern')}
        onBack={visited.onBack}
      />
    )
  }
  if (place === 'draw' && lock !== null) {
    return (
      <NoncePage
        {...shared}
        lock={lock}
        onDrawn={async () => {
          await facts.reload()
          setLock(null)
          setPlace('checks')
        }}
        onVoid={() => setLock(null)}
        onBack={hub}
      />
    )
  }
  if (place === 'draw') return <DrawPage {...shared} onLocked={setLock} onBack={hub} />
  if (place === 'checks') {
    return <ChecksPage {...shared} visit={visit} onLook={facts.look} onBack={hub} />
  }
  if (place === 'headcount') return <HeadcountPage classId={id} onDone={hub} onBack={hub} />
  if (place === 'reverse') return <Reverse {...shared} onDone={hub} onBack={hub} />
  if (place === 'close') {
    return <Closing {...shared} visit={visit} brought={key} onKey={setKey} onEnded={setEnded} onBack={hub} />
  }
  return (
    <HubPage
      facts={value}
      visit={visit}
      code={facts.code}
      onPlace={setPlace}
      onBack={() => setPlace('facts')}
    />
  )
}
