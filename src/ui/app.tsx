import { useEffect, useSyncExternalStore } from 'react'
import { languages } from './i18n/languages.ts'
import type { Kiosk } from './kiosk.ts'
import { BottomBar } from './parts/bottom-bar.tsx'
import { SimulatedStripe } from './parts/simulated-stripe.tsx'
import { TopBar } from './parts/top-bar.tsx'
import { LostScreen } from './screens/lost.tsx'
import { StartingScreen } from './screens/starting.tsx'
import { screens } from './screens/table.ts'
import { useLanguage } from './use-language.ts'
import { WindowContext } from './window-context.ts'

/** The whole window: bars that never leave, and the screen that the station asks for. */
export function App({ kiosk }: { readonly kiosk: Kiosk }) {
  const state = useSyncExternalStore(
    (listener) => kiosk.subscribe(listener),
    () => kiosk.state,
  )
  const { connection, snapshot, refused, stream } = state
  const [language, chooseLanguage] = useLanguage(snapshot?.screen ?? 'starting')
  const { texts } = languages[language]
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])

  if (connection !== 'connected' && connection !== 'connecting') {
    return (
      <div className="window">
        {snapshot?.simulated === true && <SimulatedStripe texts={texts} />}
        <LostScreen connection={connection} texts={texts} />
      </div>
    )
  }
  if (snapshot === null) {
    return (
      <div className="window">
        <StartingScreen texts={texts} snapshot={null} />
      </div>
    )
  }
  const Screen = screens[snapshot.screen]
  const shared = { snapshot, texts, language, chooseLanguage, refused, stream, send: kiosk.send.bind(kiosk) }
  return (
    <WindowContext value={shared}>
      <div className="window" data-revision={snapshot.revision}>
        {snapshot.simulated && <SimulatedStripe texts={texts} />}
        <TopBar />
        <Screen />
        <BottomBar />
      </div>
    </WindowContext>
  )
}
