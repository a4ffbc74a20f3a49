# RcppAnnoy's files: Rscript annoy_files.R <items.f32> <rows> <dimensions> <trees> <seed> (<metric> <output>)…
words <- commandArgs(trailingOnly = TRUE)
rows <- as.integer(words[2])
dimensions <- as.integer(words[3])
items <- matrix(readBin(words[1], "numeric", rows * dimensions, size = 4), nrow = dimensions)
suppressMessages(library(RcppAnnoy))
makers <- list(euclidean = AnnoyEuclidean, angular = AnnoyAngular, manhattan = AnnoyManhattan, hamming = AnnoyHamming)
for (i in seq(6, length(words), by = 2)) {
  index <- new(makers[[words[i]]], dimensions)
  index$setSeed(as.integer(words[5]))
  for (row in seq_len(rows)) index$addItem(row - 1L, items[, row])
  index$build(as.integer(words[4]))
  index$save(words[i + 1])
}
cat(as.character(packageVersion("RcppAnnoy")), "\n")
