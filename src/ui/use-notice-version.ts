import { useEffect, useState } from 'react'
import {
  duplicateNotices,
  duplicateNoticeText,
  type Notice,
  type NoticeLanguage,
  notices,
  noticesWithCardFacts,
  noticesWithFrames,
  noticesWithFramesAndCardFacts,
  noticeText,
  noticeTextWithCardFacts,
  noticeTextWithFrames,
  noticeTextWithFramesAndCardFacts,
} from '../common/notice.ts'

/** A notice in every language, as it is shown and as it is read aloud. */
export interface NoticeVersion {
  readonly notices: Readonly<Record<NoticeLanguage, Notice>>
  readonly text: Readonly<Record<NoticeLanguage, string>>
  /** What is asked for: the check at the door, or comparing inside the class. */
  readonly purpose: 'face' | 'duplicates'
}

const VERSIONS: readonly NoticeVersion[] = [
  { notices, text: noticeText, purpose: 'face' },
  { notices: noticesWithFrames, text: noticeTextWithFrames, purpose: 'face' },
  { notices: noticesWithCardFacts, text: noticeTextWithCardFacts, purpose: 'face' },
  { notices: noticesWithFramesAndCardFacts, text: noticeTextWithFramesAndCardFacts, purpose: 'face' },
  { notices: duplicateNotices, text: duplicateNoticeText, purpose: 'duplicates' },
]

/**
 * The notice whose sha256 (hex, of the Chinese text) the station records; null where this window has none such, as on
 * a page without cryptography (not a secure context); undefined while that is being computed.
 */
export function useNotice(version: string): NoticeVersion | null | undefined {
  const [hashes, setHashes] = useState<readonly string[] | null>(null)
  useEffect(() => {
    const all = VERSIONS.map(({ text }) => sha256(text['zh-CN']))
    void Promise.all(all).then(setHashes, () => setHashes([]))
  }, [])
  return hashes === null ? undefined : (VERSIONS[hashes.indexOf(version)] ?? null)
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
