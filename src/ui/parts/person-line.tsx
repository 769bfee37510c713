import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'

/** Whose card it is, masked by the station: the queue reads along. */
export function PersonLine() {
  const { person } = useWindow().snapshot
  if (person === null) return null
  return (
    <p className="person-line">
      <Icon name="card" />
      <span className="person-name" lang="zh-CN">
        {person.name}
      </span>
      <span className="person-number">{person.number}</span>
    </p>
  )
}
