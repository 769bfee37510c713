import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'

/** Gives up this check; nothing is recorded for the person but that. */
export function CancelButton() {
  const { texts, send } = useWindow()
  return (
    <button type="button" className="button button-quiet cancel" onClick={() => send({ type: 'cancel' })}>
      <Icon name="cross" />
      {texts.button.cancel}
    </button>
  )
}
