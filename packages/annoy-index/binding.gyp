# The addon of @cbir/annoy-index: the engine over annoylib's headers, and the kit.
{
  'targets': [
    {
      'target_name': 'annoy_index',
      'sources': [
        'native/addon.cc',
        'native/forest.cc',
        'native/forest_file.cc',
        'native/node_memory.cc',
        'native/plant.cc',
        'native/search.cc',
      ],
      # annoylib.h and kissrandom.h, from the tarball of annoy-node.
      'include_dirs': ['node_modules'],
      'dependencies': ["<!(node -p \"require('@cbir/native-kit/gyp').kit\")"],
    },
  ],
}
