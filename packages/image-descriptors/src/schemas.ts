// Parts that the configuration schemas share.

import { z } from 'zod'

/** A whole number from 1 to `max`. */
export const countSchema = (max: number): z.ZodInt => z.int().min(1).max(max)

/** Rows and columns of a spatial grid. */
export const gridSchema: z.ZodTuple<[z.ZodInt, z.ZodInt], null> = z.tuple([countSchema(16), countSchema(16)])
