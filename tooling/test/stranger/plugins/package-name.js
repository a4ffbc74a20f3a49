// The name under which configurations find these plugins.

export const PACKAGE = '@stranger/plugins'
