/**
 * Solves linear equations by Gauss with the largest pivot. Each row is an equation: `size` coefficients, then one right-hand side
 * or more. Rows are overwritten. Gives the unknowns, a row each, a column for each right-hand side; null when singular or NaN.
 */
export function solveLinear(system: Float64Array[]): Float64Array[] | null {
  const size = system.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(system[row]![column]!) > Math.abs(system[pivot]![column]!)) pivot = row
    }
    ;[system[column], system[pivot]] = [system[pivot]!, system[column]!]
    const head = system[column]!
    // Written so that NaN is singular too.
    if (!(Math.abs(head[column]!) > 1e-9)) return null
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const factor = system[row]![column]! / head[column]!
      for (let k = column; k < head.length; k++) system[row]![k]! -= factor * head[k]!
    }
  }
  return system.map((row, i) => row.subarray(size).map((value) => value / row[i]!))
}

/** Sums of products of the columns of `rows`: the matrix of least squares. All rows are equally long. */
export function gramOf(rows: readonly Float64Array[]): Float64Array[] {
  const size = rows[0]?.length ?? 0
  const gram = Array.from({ length: size }, () => new Float64Array(size))
  for (const row of rows) {
    for (let i = 0; i < size; i++) {
      const value = row[i]!
      for (let j = 0; j <= i; j++) gram[i]![j]! += value * row[j]!
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) gram[j]![i] = gram[i]![j]!
  return gram
}

/** Null when singular. */
export function inverseOf(matrix: readonly Float64Array[]): Float64Array[] | null {
  const size = matrix.length
  return solveLinear(
    matrix.map((row, i) => {
      const wide = new Float64Array(2 * size)
      wide.set(row)
      wide[size + i] = 1
      return wide
    }),
  )
}
