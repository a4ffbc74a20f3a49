// Processes: who this process is, and whether another one is still there. It lets a lock that a killed process left be told from a live one.

import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Names processes by tokens of letters, digits, `.` and `_`. */
export interface Processes {
  /** The token of this process. */
  readonly self: string
  /** True only where the process of the token has certainly ended. */
  hasEnded(token: string): boolean
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** When a process started, in ticks since the machine did; `0` where the system does not say. The 22nd field, counted after the name in brackets. */
function startOf(pid: number): string {
  const line = readText(`/proc/${pid}/stat`)
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code !== 'ESRCH'
  }
}

/**
 * The processes of this machine. A process number is used again after its process has ended, so the token also holds when the process
 * started, and which start of the machine that was. Of a process on another machine (a shared disk) nothing can be known: it has not
 * "certainly ended".
 */
export function machineProcesses(): Processes {
  const host =
    hostname()
      .replace(/[^A-Za-z0-9]/g, '_')
      .slice(0, 40) || '_'
  const boot = readText('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? '0'
  return {
    self: `${host}.${boot}.${process.pid}.${startOf(process.pid)}`,
    hasEnded(token) {
      const [itsHost, itsBoot, itsPid, itsStart] = token.split('.')
      if (itsHost !== host || itsStart === undefined) return false
      if (itsBoot !== boot) return true
      const pid = Number(itsPid)
      if (!Number.isSafeInteger(pid) || pid < 1) return false
      return !isAlive(pid) || startOf(pid) !== itsStart
    },
  }
}
