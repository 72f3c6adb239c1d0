import type { CompanionInstaller } from '../catalog/define.ts'
import type { Attachment } from './attachment.ts'

/** A companion at work, with what it has loaded. */
export interface Work extends Attachment {
  readonly installer: CompanionInstaller
}

export const openWork = async (attachment: Attachment): Promise<Work> => ({
  ...attachment,
  installer: await attachment.companion.open(attachment.sites),
})
