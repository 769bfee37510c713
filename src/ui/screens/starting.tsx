import type { Snapshot } from '../../station/protocol.ts'
import type { Texts } from '../i18n/texts.ts'
import { Icon } from '../parts/icon.tsx'
import { NextStep } from '../parts/next-step.tsx'
import { useWindow } from '../window-context.ts'

/** Before the station is ready; `snapshot` null before the station has said anything. */
export function StartingScreen({
  texts,
  snapshot,
}: {
  readonly texts: Texts
  readonly snapshot: Snapshot | null
}) {
  const camera = snapshot?.camera === 'ok' || snapshot?.camera === 'simulated'
  const reader = snapshot?.reader === 'ok'
  return (
    <main className="scene starting" data-screen="starting">
      <p className="brand">{texts.product}</p>
      <div className="words">
        <h1>
          {texts.starting.title}
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
        </h1>
        {snapshot !== null && (
          <ul className="checks">
            <li className={reader ? 'check-good' : 'check-waits'}>
              <Icon name={reader ? 'check' : 'clock'} />
              {texts.bar.reader[snapshot.reader]}
            </li>
            <li className={camera ? 'check-good' : 'check-waits'}>
              <Icon name={camera ? 'check' : 'clock'} />
              {texts.bar.camera[snapshot.camera]}
            </li>
          </ul>
        )}
        <NextStep icon="clock" words={texts.starting.next} />
      </div>
    </main>
  )
}

export function StartingScreenOfStation() {
  const { texts, snapshot } = useWindow()
  return <StartingScreen texts={texts} snapshot={snapshot} />
}
