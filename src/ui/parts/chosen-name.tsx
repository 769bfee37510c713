import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'
import type { StaffMember } from './staff-choice.tsx'

/** Who is about to enter a PIN, and as which of two signers. */
export function ChosenName({ member, place }: { readonly member: StaffMember; readonly place?: string }) {
  return (
    <p className="chosen-name">
      <Icon name="person" />
      {place !== undefined && <span className="chosen-place">{place}</span>}
      <span lang="zh-CN">{member.name}</span>
    </p>
  )
}

/** Another name than the one that was touched. */
export function BackButton({ onBack }: { readonly onBack: () => void }) {
  const { texts } = useWindow()
  return (
    <button type="button" className="button button-quiet cancel" onClick={onBack}>
      <Icon name="back" />
      {texts.button.back}
    </button>
  )
}
