# The addon that the kit's own tests are run on. It is not published.
{
  'targets': [
    {
      'target_name': 'native_kit_test',
      'sources': ['native/test/addon.cc'],
      'dependencies': ['<!(node -p "require(\'./native/gyp.cjs\').kit")'],
    },
  ],
}
