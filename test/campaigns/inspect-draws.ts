import { uniformity } from '../inspect/draw-uniformity.ts'
import { campaignCounts } from './campaign-counts.ts'

/*
 * Whether a draw favours anybody, by chi-square over many draws:
 *   npx node test/campaigns/inspect-draws.ts --count 1000000 --seed 1
 * Exits 1 if one of the three looks has p < 0.001. With a new seed a fair draw does that once in about 330 runs.
 */
const { count, seed } = campaignCounts({ count: 1_000_000, seed: 1 })

const looks = uniformity(count, seed)
for (const { name, draws, statistic, degrees, p } of looks) {
  const figures = `chi-square ${statistic.toFixed(2)}, ${degrees} degrees of freedom, p ${p.toFixed(4)}`
  process.stdout.write(`${draws} draws, seed ${seed}, ${name}: ${figures}\n`)
}
process.exit(looks.every(({ p }) => p >= 0.001) ? 0 : 1)
