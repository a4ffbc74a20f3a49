// exchange <file> <dimensions> <other file>: loads a file of hnswlib, checks its graph, adds a vector, and saves it to another.
#undef NDEBUG
#include <hnswlib/hnswlib.h>

#include <cstdlib>
#include <vector>

int main(int, char** argv) {
  const size_t dimensions = std::strtoul(argv[2], nullptr, 10);
  hnswlib::L2Space space(dimensions);
  hnswlib::HierarchicalNSW<float> graph(&space, argv[1], false, 100000);
  const std::vector<float> vector(dimensions, 9.0f);
  graph.addPoint(vector.data(), 1);
  if (graph.searchKnn(vector.data(), 1).top().second != 1) return 1;
  graph.saveIndex(argv[3]);
}
