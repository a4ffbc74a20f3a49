// Spatial grid: a picture cut into cells, so that a descriptor also says where something is.

/** Pixels `top ≤ y < bottom`, `left ≤ x < right`. */
export interface Cell {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/**
 * The cells of a grid of `rows × columns`, row by row. None is empty: where a side has fewer pixels than the grid has cells,
 * neighbouring cells share a pixel.
 */
export function cellsOf([rows, columns]: readonly [number, number], height: number, width: number): Cell[] {
  const cells: Cell[] = []
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = stretch(row, rows, height)
    for (let column = 0; column < columns; column++) {
      const [left, right] = stretch(column, columns, width)
      cells.push({ top, bottom, left, right })
    }
  }
  return cells
}

function stretch(i: number, parts: number, length: number): [number, number] {
  const from = Math.floor((i * length) / parts)
  return [from, Math.max(from + 1, Math.floor(((i + 1) * length) / parts))]
}
