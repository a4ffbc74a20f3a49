# The kit as a static library, with the settings that every addon over it is built with.
{
  'includes': ['sources.gypi'],
  'targets': [
    {
      'target_name': 'cbir_kit',
      'type': 'static_library',
      'variables': {
        'cbir_kit_include': 'include',
        'cbir_node_addon_api': '<!(node -p "require(\'./gyp.cjs\').nodeAddonApi")',
      },
      'includes': ['addon-settings.gypi'],
      'all_dependent_settings': { 'includes': ['addon-settings.gypi'] },
      'sources': ['<@(cbir_kernel_sources)', 'src/addon.cc', 'src/environment.cc', 'src/task.cc'],
    },
  ],
}
