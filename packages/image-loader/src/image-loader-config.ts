// The configuration of the image loader: what a person writes, and the full form that it becomes.

/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * How the picture is brought to size.
 * - `shorterSide`: the shorter side becomes so many pixels, the aspect ratio is kept;
 * - `exact`: exactly this size, the aspect ratio is not kept;
 * - `inside`: as large as fits into this size, the aspect ratio is kept;
 * - `letterbox`: as `inside`, then centred on a canvas of exactly this size in `padColour`.
 */
export type Resize = { readonly shorterSide: number } | { readonly exact: Size } | { readonly inside: Size } | { readonly letterbox: Size }

/** The filter of the resize. `linear` is the triangle filter: what Pillow and torchvision call bilinear, and `cubic` what they call bicubic. */
export type Kernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3'

/** Presets whose tensors are of 32-bit floats. */
export type FloatPreset = 'imagenet-224' | 'caffe-227' | 'clip-224'

/** Presets whose tensors are of bytes. */
export type BytePreset = 'descriptor'

export type PresetName = FloatPreset | BytePreset

/** Every setting, filled in: what `toConfig` gives. Steps that are not wanted are `null`. */
export interface ImageLoaderSettings {
  readonly orient: boolean
  readonly colourProfile: 'apply' | 'ignore'
  readonly background: Rgb
  readonly resize: Resize | null
  readonly kernel: Kernel
  readonly enlarge: boolean
  readonly fastShrinkOnLoad: boolean
  readonly crop: Size | null
  readonly padColour: Rgb
  readonly channels: 'rgb' | 'bgr' | 'grey'
  readonly dtype: 'u8' | 'f32'
  readonly scale: number
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly layout: 'nchw' | 'nhwc'
  readonly failOn: 'none' | 'truncated' | 'error' | 'warning'
  readonly limitInputPixels: number
  readonly concurrency: number | 'auto'
}

/** What a person writes: everything may be left out. A preset fills what it names; fields given beside it win over it. */
export interface ImageLoaderConfig {
  /** A named set of settings, see `PRESETS`. */
  readonly preset?: PresetName | undefined
  /** Turn and mirror the picture as its EXIF orientation says. Default true. */
  readonly orient?: boolean | undefined
  /** Convert with the picture's own ICC profile to sRGB (`apply`, default), or take its numbers as sRGB, as Pillow does (`ignore`). */
  readonly colourProfile?: 'apply' | 'ignore' | undefined
  /** What shows through where the picture is transparent. Default white. */
  readonly background?: Rgb | undefined
  /** Default `null`: the picture keeps its size. */
  readonly resize?: Resize | null | undefined
  /** Default `linear`. */
  readonly kernel?: Kernel | undefined
  /** Whether a picture smaller than asked for is enlarged. Default true. With `resize: { exact }` it must be. */
  readonly enlarge?: boolean | undefined
  /**
   * Lets the JPEG and WebP decoders do most of a strong reduction: less CPU for large photos, at the price of other pixels (moiré). Default
   * false: the decoder leaves at least a factor of two to the kernel.
   */
  readonly fastShrinkOnLoad?: boolean | undefined
  /** Cuts this size from the middle; where the picture is smaller, `padColour` fills the rest. Default `null`. Not beside `letterbox`. */
  readonly crop?: Size | null | undefined
  /** Default black. It passes through scale, mean and std as pixels do. */
  readonly padColour?: Rgb | undefined
  /** Which channels, in which order; `grey` is the luma of ITU-R BT.601 (Pillow's `L`). Default `rgb`. */
  readonly channels?: 'rgb' | 'bgr' | 'grey' | undefined
  /** Element type. Default `u8`. `f32` holds `(value · scale − mean) / std`; `u8` the bytes as they are. */
  readonly dtype?: 'u8' | 'f32' | undefined
  /** Factor on the bytes, e.g. `1 / 255`. Default 1. */
  readonly scale?: number | undefined
  /** Subtracted after `scale`: one number for all channels, or one for each in the order of `channels`. Default 0. */
  readonly mean?: number | readonly number[] | undefined
  /** Divides after `mean`: one number, or one for each channel. Positive. Default 1. */
  readonly std?: number | readonly number[] | undefined
  /** `nchw` gives `[channel, height, width]`, `nhwc` `[height, width, channel]`: the batch axis N is the extractor's. Default `nhwc`. */
  readonly layout?: 'nchw' | 'nhwc' | undefined
  /** From which kind of damage on a picture is refused (as in sharp). Default `truncated`. */
  readonly failOn?: 'none' | 'truncated' | 'error' | 'warning' | undefined
  /**
   * Pictures whose header names more pixels (width × height) are refused before anything is allocated; so are results of more pixels.
   * Default 268402689 (0x3FFF²).
   */
  readonly limitInputPixels?: number | undefined
  /** Pictures that are decoded at once; more wait. Default `auto`: the number of processors, at most 3. Changes no pixel. */
  readonly concurrency?: number | 'auto' | undefined
}
