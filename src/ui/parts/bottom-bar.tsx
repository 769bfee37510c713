import { civilTime } from '../../common/civil-time.ts'
import { fill } from '../i18n/languages.ts'
import { useWindow } from '../window-context.ts'
import { Icon, type IconName } from './icon.tsx'
import { LanguageSwitch } from './language-switch.tsx'

/** Health of reader, scanner, camera and upload for staff, a reader that was changed, and the languages for everybody. */
export function BottomBar() {
  const { snapshot, texts } = useWindow()
  const { reader, scanner, camera } = snapshot
  return (
    <footer className="bottom-bar">
      <div className="health">
        <Health icon="reader" good={reader === 'ok'} words={texts.bar.reader[reader]} />
        {scanner !== null && (
          <Health icon="scanner" good={scanner.health === 'ok'} words={texts.bar.scanner[scanner.health]} />
        )}
        <Health icon="camera" good={camera === 'ok'} words={texts.bar.camera[camera]} />
        <ReaderChangedBadge />
        <UploadBadge />
      </div>
      <LanguageSwitch />
    </footer>
  )
}

/** Words are shown when something is wrong; a healthy device is a picture with a tick. */
function Health(device: { readonly icon: IconName; readonly good: boolean; readonly words: string }) {
  return (
    <span className={device.good ? 'device device-good' : 'device device-bad'} title={device.words}>
      <Icon name={device.icon} />
      <span className="device-mark">
        <Icon name={device.good ? 'check' : 'cross'} />
      </span>
      <span className={device.good ? 'unseen' : 'device-words'}>{device.words}</span>
    </span>
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
