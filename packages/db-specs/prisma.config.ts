import { prismaConfig } from '@manybase/migrator/prisma-config'

export default prismaConfig('socrates_specs')
