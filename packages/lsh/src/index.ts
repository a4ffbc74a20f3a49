// @cbir/lsh: locality-sensitive hashing.

export {}
