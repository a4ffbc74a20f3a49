// For binding.gyp: "dependencies": ["<!(node -p \"require('@cbir/native-kit/gyp').kit\")"].

const { dirname, relative } = require('node:path')

// gyp reads paths relative to the file that names them, and runs commands in that file's folder; it wants forward slashes.
const fromHere = (path) => relative(process.cwd(), path).replaceAll('\\', '/') || '.'

exports.kit = `${fromHere(__dirname)}/kit.gyp:cbir_kit`
exports.nodeAddonApi = fromHere(dirname(require.resolve('node-addon-api/package.json')))
