import type { VisitVerification } from './verify-visit-file.ts'

type Told = Pick<VisitVerification, 'inspector' | 'trust' | 'witnesses' | 'closed' | 'since' | 'draws'>

/** What the answer to a visit's file rests on, in sentences, limits included. */
export function visitFileWords({ trust, witnesses, inspector, closed, since, draws }: Told): string[] {
  const basis = {
    self: 'the file vouches for the station’s key itself; give --key with the one that you know',
    key: 'the station whose key you gave signed it',
    witness: `seen by ${witnesses.join(', ')}, whose keys you gave`,
  }[trust]
  return [
    basis,
    inspectorWords(inspector!),
    ...(inspector?.visitKey == null
      ? []
      : [
          closed === null
            ? 'marks are signed by the visit’s key alone: the inspector’s own key never confirmed them'
            : 'marks are signed by the visit’s key; the inspector’s own key signed the opening and, over all of them, the closing',
        ]),
    sinceWords(since),
    ...draws.flatMap(({ k, n, commitmentSeen }) => [
      `draw of ${k} of ${n}: replayed, the same people in the same order`,
      ...(commitmentSeen ? [] : ['no commitment was named with the nonce: nothing shows which came first']),
    ]),
    closingWords(closed),
    'that the ledger holds no other events about this class, only its bundle of the same root shows',
  ]
}

function inspectorWords({ standing, listed }: NonNullable<Told['inspector']>): string {
  if (listed === null) return 'the inspector’s key stands on no list that this station had'
  const whose = listed.known
    ? 'whose key you gave'
    : 'whose key you have to know from elsewhere (--authority)'
  const past = standing === 'list-expired' || standing === 'unlisted' ? ' (past its time)' : ''
  const how = standing === 'unlisted' ? 'is not on' : 'is on'
  return `the inspector’s key ${how} list ${listed.number}${past} of ${listed.authority}, ${whose}`
}

function sinceWords(since: Told['since']): string {
  if (since === null) return 'no checkpoint of an earlier visit was brought'
  if (since.finding === 'consistent')
    return `nothing in the first ${since.size} events was changed since the inspector’s last visit: proved`
  if (since.finding === 'rolled-back')
    return `SET BACK: the inspector had seen ${since.size} events of this station, and it had fewer`
  return `REWRITTEN: the first ${since.size} events are not those that the inspector had seen`
}

function closingWords(closed: Told['closed']): string {
  if (closed === null) return 'the visit was never closed'
  const { institution } = closed
  if (institution.signed) return `closed; ${institution.actor} signed for the institution`
  return institution.reason === 'refused'
    ? 'closed; the institution refused to sign'
    : 'closed; nobody was there to sign for the institution'
}
