// @cbir/core/node: what needs Node: files, discovery, persistence.
export {}
