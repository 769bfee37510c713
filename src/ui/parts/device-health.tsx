import { Icon, type IconName } from './icon.tsx'

/** Words are shown when something is wrong; a healthy device is a picture with a tick. */
export function Health(device: { readonly icon: IconName; readonly good: boolean; readonly words: string }) {
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
