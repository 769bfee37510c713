import { adviceFor } from '../advice.ts'
import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'

/** Why the last thing that was touched was not done, and what to do. */
export function RefusalLine() {
  const { refused, texts } = useWindow()
  if (refused === null) return null
  const { advice, shownCode } = adviceFor(refused.code, texts)
  return (
    <p className="refusal-line" role="alert">
      <Icon name="alert" />
      <span>
        {texts.advice[advice].say} · {texts.advice[advice].next}
        {shownCode !== null && <code> {shownCode}</code>}
      </span>
    </p>
  )
}
