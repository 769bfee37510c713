export interface BundleProblem {
  readonly code: ProblemCode
  /** 0-based leaf where it shows, null when it is not in one record. */
  readonly index: number | null
  readonly detail: string
}

export type ProblemCode =
  /** A file is not the one that the manifest describes, or the manifest contradicts the checkpoint. */
  | 'manifest'
  /** A record is not one, or the records are not those of the checkpoint. */
  | 'altered'
  | 'removed'
  | 'inserted'
  /** Signed by another key than the expected one, or not signed at all. */
  | 'wrong-key'
  /** A receipt is over another history than this. */
  | 'forked'
  /** A manual act is not signed by people who were enrolled to act before it, or says something else. */
  | 'act'
  /** A witness was asked for, and no receipt of it covers every record of the class. */
  | 'unwitnessed'
  /** A visit's draw is not the one that was committed to. */
  | 'draw'
  /** The inspector stands otherwise on the authority's list, or another authority signed it. */
  | 'list'
  /** A tree doesn't grow from an earlier one that somebody kept. */
  | 'history'
  /** A proof of single events shows other ones than it says. */
  | 'about'
  /** The pack is not the one that the class named. */
  | 'pack'
  /** `hours.json` is not what the events and the pack give, or a month was closed with other hours than they give. */
  | 'hours'
  /** Another document of a bundle is not what the events give: corrections, spot checks, anchors, receipts, report. */
  | 'contents'
  /** A proof or a pack in a bundle is false, or of something else. */
  | 'proof'
  /** The sealed part: an opening that is not what an event commits to, one that is kept back, or other claims. */
  | 'opened'

export function problem(code: ProblemCode, index: number | null, detail: string): BundleProblem {
  return { code, index, detail }
}
