import { useCallback, useState } from 'react'
import { useWindow } from '../window-context.ts'
import { CameraCheck } from './camera-check.tsx'
import { Health } from './device-health.tsx'
import { Icon } from './icon.tsx'

/** How the camera is. One that needs somebody is a button for staff; a simulated one always says so. */
export function CameraHealth() {
  const { snapshot, texts } = useWindow()
  const { camera, screen } = snapshot
  const words = texts.bar.camera[camera]
  switch (camera) {
    case 'ok':
    case 'missing':
      return <Health icon="camera" good={camera === 'ok'} words={words} />
    case 'simulated':
      return (
        <span className="badge" data-part="camera-simulated">
          <Icon name="camera" />
          {words}
        </span>
      )
  }
  const canAct = screen === 'idle' || screen === 'error' || screen === 'starting'
  // Another trouble, or the next person's check, closes what was opened for the one before.
  return <CameraAlarm key={`${camera} ${canAct}`} camera={camera} canAct={canAct} />
}

function CameraAlarm(alarm: {
  readonly camera: 'unknown' | 'changed' | 'virtual'
  /** Nobody is being checked. */
  readonly canAct: boolean
}) {
  const { texts } = useWindow()
  const { camera, canAct } = alarm
  const [isOpen, setOpen] = useState(false)
  const close = useCallback(() => setOpen(false), [])
  return (
    <>
      <button
        type="button"
        className={`badge badge-button ${camera === 'unknown' ? 'badge-offline' : 'badge-alarm'}`}
        data-part={`camera-${camera}`}
        disabled={!canAct}
        onClick={() => setOpen(true)}
      >
        <Icon name="camera" />
        {texts.bar.camera[camera]}
      </button>
      {isOpen && <CameraCheck camera={camera} onClose={close} />}
    </>
  )
}
