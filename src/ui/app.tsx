import { Activity, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { languages } from './i18n/languages.ts'
import type { Kiosk } from './kiosk.ts'
import { OfficeScreen } from './office/office-screen.tsx'
import { BottomBar } from './parts/bottom-bar.tsx'
import { SimulatedStripe } from './parts/simulated-stripe.tsx'
import { TopBar } from './parts/top-bar.tsx'
import { LostScreen } from './screens/lost.tsx'
import { StartingScreen } from './screens/starting.tsx'
import { screens } from './screens/table.ts'
import { useLanguage } from './use-language.ts'
import { useVisitDoor } from './visit/use-visit-door.ts'
import { VisitArea } from './visit/visit-area.tsx'
import { WindowContext } from './window-context.ts'

/** The whole window: bars that never leave, and the screen that the station asks for. */
export function App({ kiosk }: { readonly kiosk: Kiosk }) {
  const state = useSyncExternalStore(
    (listener) => kiosk.subscribe(listener),
    () => kiosk.state,
  )
  const { connection, snapshot, refused, stream } = state
  // The same functions for ever: a screen's effects must not run again because the station said something.
  const asking = useMemo(
    () => ({
      send: kiosk.send.bind(kiosk),
      office: kiosk.office.bind(kiosk),
      takeScans: kiosk.takeScans.bind(kiosk),
    }),
    [kiosk],
  )
  // A card on the reader, or a lost station, ends the office: nobody comes back to a form that somebody else left.
  const isQuiet = connection === 'connected' && (snapshot?.screen === 'idle' || snapshot?.screen === 'error')
  const [wantsOffice, setWantsOffice] = useState(false)
  if (wantsOffice && !isQuiet) setWantsOffice(false)
  const inOffice = wantsOffice && isQuiet
  // An inspection waits instead, whoever comes to the door, and goes on where it was.
  const visit = useVisitDoor(asking.office)
  const inVisit = visit.isWanted && connection === 'connected' && (isQuiet || visit.isLent)
  const [language, chooseLanguage] = useLanguage(snapshot?.screen === 'idle' && !inOffice && !visit.isWanted)
  const { texts } = languages[language]
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const isLost = connection !== 'connected' && connection !== 'connecting'

  if (snapshot === null) {
    return (
      <div className="window">
        {isLost ? (
          <LostScreen connection={connection} texts={texts} />
        ) : (
          <StartingScreen texts={texts} snapshot={null} />
        )}
      </div>
    )
  }
  const Screen = screens[snapshot.screen]
  const isFree = isQuiet && !inOffice && !inVisit
  const shared = {
    ...{ snapshot, texts, language, chooseLanguage, refused, stream, ...asking },
    openOffice: isFree ? () => setWantsOffice(true) : null,
    openVisit: isFree ? visit.enter : null,
  }
  return (
    <WindowContext value={shared}>
      <div className="window" data-revision={snapshot.revision}>
        {snapshot.simulated && <SimulatedStripe texts={texts} />}
        {isLost ? <LostScreen connection={connection} texts={texts} /> : <TopBar />}
        {!isLost &&
          !inVisit &&
          (inOffice ? <OfficeScreen onLeave={() => setWantsOffice(false)} /> : <Screen />)}
        {visit.isOpen && (
          <Activity mode={inVisit ? 'visible' : 'hidden'}>
            <VisitArea door={visit} />
          </Activity>
        )}
        {!isLost && <BottomBar />}
      </div>
    </WindowContext>
  )
}
