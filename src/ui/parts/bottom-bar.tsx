import { civilTime } from '../../common/civil-time.ts'
import { fill } from '../i18n/languages.ts'
import { useWindow } from '../window-context.ts'
import { CameraHealth } from './camera-health.tsx'
import { Health } from './device-health.tsx'
import { Icon } from './icon.tsx'
import { LanguageSwitch } from './language-switch.tsx'

/** Health of reader, scanner, camera and upload for staff, a reader that was changed, and the languages for everybody. */
export function BottomBar() {
  const { snapshot, texts } = useWindow()
  const { reader, scanner } = snapshot
  return (
    <footer className="bottom-bar">
      <div className="health">
        <Health icon="reader" good={reader === 'ok'} words={texts.bar.reader[reader]} />
        {scanner !== null && (
          <Health icon="scanner" good={scanner.health === 'ok'} words={texts.bar.scanner[scanner.health]} />
        )}
        <CameraHealth />
        <ReaderChangedBadge />
        <UploadBadge />
      </div>
      <span className="doors">
        <OfficeDoor />
        <VisitDoor />
      </span>
      <LanguageSwitch />
    </footer>
  )
}

/** The way to the office, while nobody is being served. */
function OfficeDoor() {
  const { openOffice, snapshot, texts } = useWindow()
  // A camera that somebody has to look at comes first, and its words need the room.
  const isCameraWaiting = snapshot.camera === 'changed' || snapshot.camera === 'virtual'
  if (openOffice === null || isCameraWaiting) return null
  return (
    <button
      type="button"
      className="language office-door"
      data-office="open"
      title={texts.office.open}
      onClick={openOffice}
    >
      <Icon name="clipboard" />
      <span className="unseen">{texts.office.open}</span>
    </button>
  )
}

/** The way in for an inspector, who needs nobody's help to find it. */
function VisitDoor() {
  const { openVisit, texts } = useWindow()
  if (openVisit === null) return null
  return (
    <button
      type="button"
      className="language visit-door"
      data-visit="open"
      title={texts.visit.open}
      aria-label={texts.visit.open}
      onClick={openVisit}
    >
      <Icon name="inspect" />
      <span className="visit-door-words">{texts.visit.open}</span>
    </button>
  )
}

/** Somebody may have plugged in what only looks like the reader. */
function ReaderChangedBadge() {
  const { snapshot, texts } = useWindow()
  const { readerChangedAt } = snapshot
  if (readerChangedAt === null) return null
  return (
    <span className="badge badge-offline" data-part="reader-changed">
      <Icon name="alert" />
      {fill(texts.bar.readerChanged, { time: civilTime(readerChangedAt) })}
    </span>
  )
}

function UploadBadge() {
  const { snapshot, texts } = useWindow()
  const { waiting, online, configured } = snapshot.upload
  if (!configured || !online) {
    const sentence = configured ? texts.bar.offline : texts.bar.unconfigured
    return (
      <span className={configured ? 'badge badge-offline' : 'badge'} data-part="offline">
        <Icon name={configured ? 'offline' : 'store'} />
        {fill(sentence, { waiting })}
      </span>
    )
  }
  return (
    <span className="badge">
      <Icon name={waiting === 0 ? 'cloud' : 'upload'} />
      {waiting === 0 ? texts.bar.synced : fill(texts.bar.waiting, { waiting })}
    </span>
  )
}
