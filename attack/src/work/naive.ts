import type { Target } from '../place/tables.ts'
import type { Scene } from './scene.ts'

/** What an application does that has no foreign key: deletes what it finds. What fails is done again at the end. */
export async function cascadeNaively(scene: Scene, target: Target, ids: readonly string[]): Promise<void> {
  try {
    const [a, b] = [await scene.place.connect('auth'), await scene.place.connect('specs')]
    try {
      const { rows } = await a.query<{ id: string }>(
        `SELECT id::text AS id FROM ${target} WHERE id::text = ANY ($1)`,
        [ids],
      )
      const living = new Set(rows.map(({ id }) => id))
      const gone = ids.filter((id) => !living.has(id))
      for (const { schema, table, column, target: named, onDelete } of scene.place.references) {
        if (named.table !== target || onDelete === 'Keep') continue
        const where = `FROM "${schema}"."${table}" WHERE "${column}"::text = ANY ($1)`
        await b.query(
          onDelete === 'SetNull'
            ? `UPDATE "${schema}"."${table}" SET "${column}" = NULL WHERE "${column}"::text = ANY ($1)`
            : `DELETE ${where}`,
          [gone],
        )
      }
    } finally {
      await Promise.all([a.end().catch(() => {}), b.end().catch(() => {})])
    }
  } catch {
    scene.owed.push({ target, ids })
  }
}
