import { useState } from 'react'
import type { Snapshot } from '../../station/protocol.ts'
import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'

export type StaffMember = Snapshot['actors'][number]

/** Large names to touch, a page at a time. */
export function StaffChoice(choice: {
  readonly staff: readonly StaffMember[]
  readonly onChosen: (member: StaffMember) => void
}) {
  const { texts } = useWindow()
  const [page, setPage] = useState(0)
  const pages = Math.ceil(choice.staff.length / A_PAGE)
  const shown = choice.staff.slice(page * A_PAGE, (page + 1) * A_PAGE)
  return (
    <div className="staff-choice">
      {shown.map((member) => (
        <button
          key={member.actor}
          type="button"
          className="button staff-member"
          onClick={() => choice.onChosen(member)}
        >
          <Icon name="person" />
          <span className="staff-words">
            <span className="staff-name" lang="zh-CN">
              {member.name}
            </span>
            <span className="staff-role">{roleOf(member, texts.roles)}</span>
          </span>
        </button>
      ))}
      {pages > 1 && (
        <button type="button" className="button button-quiet" onClick={() => setPage((page + 1) % pages)}>
          {texts.button.more} {page + 1}/{pages}
        </button>
      )}
    </div>
  )
}

/** A role that this window has no word for is shown as the station names it. */
function roleOf(member: StaffMember, roles: Readonly<Record<string, string>>): string {
  return roles[member.role] ?? member.role
}

const A_PAGE = 4
