/** The kit's target, for `dependencies` of a binding.gyp: a path relative to the folder that gyp runs in. */
export declare const kit: string
/** The folder of node-addon-api's headers, relative likewise. */
export declare const nodeAddonApi: string
