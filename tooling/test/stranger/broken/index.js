// A plugin package whose native part is not there for this machine.

throw new Error('the oracle has no build for this machine')
