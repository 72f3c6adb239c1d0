/** Which table of the referenced database an id belongs to. */
export type Target = 'users' | 'members'

/** A referencing column that the attack writes. */
export interface Column {
  readonly name: string
  readonly target: Target
  readonly onDelete: 'Cascade' | 'SetNull' | 'Restrict'
}

/** A table of the referencing database that the attack writes, and how a row gets in. */
export interface Table {
  readonly name: string
  readonly columns: readonly [Column, ...Column[]]
  /** An INSERT of a row: `$1` is its id, then the columns in their order. */
  readonly insert: string
  /** Sets the first column anew and leaves the others: `$1` is the id, `$2` the value. */
  readonly update: string
}

const plain = (name: string, columns: Table['columns']): Table => {
  const names = columns.map((column) => column.name)
  return {
    name,
    columns,
    insert: `INSERT INTO ${name} (id, ${names.join(', ')}) VALUES ($1, ${names.map((_, i) => `$${i + 2}`).join(', ')})`,
    update: `UPDATE ${name} SET ${columns[0].name} = $2 WHERE id = $1`,
  }
}

const member = { name: 'member_id', target: 'members' } as const
const user = { name: 'user_id', target: 'users', onDelete: 'Cascade' } as const

export const projects: Table = {
  ...plain('projects', [user]),
  insert: "INSERT INTO projects (id, user_id, name) VALUES ($1, $2, 'attacked')",
}

/** Every table has a trap of its own. */
export const tables: readonly [Table, ...Table[]] = [
  projects,
  {
    ...plain('teams', [{ name: 'owner_id', target: 'users', onDelete: 'Restrict' }]),
    insert: "INSERT INTO teams (id, owner_id, name, slug) VALUES ($1::uuid, $2, 'attacked', $1::uuid::text)",
  },
  plain('marks', [
    { ...member, onDelete: 'Cascade' },
    { name: 'marked_by', target: 'members', onDelete: 'SetNull' },
    { name: 'user_id', target: 'users', onDelete: 'SetNull' },
  ]),
  // Rows lie in partitions, and an UPDATE moves them from one to the other.
  {
    ...plain('parts', [{ ...member, onDelete: 'Cascade' }]),
    insert: 'INSERT INTO parts (id, kind, member_id) VALUES ($1, $2::bigint % 2, $2::bigint)',
    update: 'UPDATE parts SET kind = 1 - kind, member_id = $2 WHERE id = $1',
  },
  // A BEFORE trigger puts the id into the column, which the statement doesn't name.
  {
    ...plain('redirects', [{ ...member, onDelete: 'Cascade' }]),
    insert: 'INSERT INTO redirects (id, redirect_to) VALUES ($1, $2)',
    update: 'UPDATE redirects SET redirect_to = $2 WHERE id = $1',
  },
  // A deferred trigger makes the COMMIT itself slow.
  plain('slows', [{ ...member, onDelete: 'SetNull' }]),
]

export const tableNamed = (name: string): Table => {
  const table = tables.find((each) => each.name === name)
  if (!table) throw new TypeError(`there is no table ${name}`)
  return table
}

/** The revisions that come on top of the histories of the repository, and the models that declare the references. */
export const referenced = {
  revision: '010_attack',
  sql: `CREATE TABLE realms (id bigint PRIMARY KEY);
CREATE TABLE circles (id bigint PRIMARY KEY, realm_id bigint NOT NULL REFERENCES realms ON DELETE CASCADE);
CREATE TABLE members (id bigint PRIMARY KEY, circle_id bigint NOT NULL REFERENCES circles ON DELETE CASCADE);
CREATE INDEX ix_circles_realm_id ON circles (realm_id);
CREATE INDEX ix_members_circle_id ON members (circle_id);
`,
  models: `
model Member {
  id BigInt @id
  @@map("members")
}
`,
} as const

const reference = (onDelete: string) => `/// @reference(socrates_auth.members.id, onDelete: ${onDelete})`

export const referencing = {
  revision: '011_attack',
  sql: `-- depends-on: socrates_auth@010
CREATE TABLE marks (id uuid PRIMARY KEY, member_id bigint NOT NULL, marked_by bigint, user_id uuid);
CREATE TABLE parts (id uuid, kind bigint, member_id bigint NOT NULL, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
CREATE TABLE parts_even PARTITION OF parts FOR VALUES IN (0);
CREATE TABLE parts_odd PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE redirects (id uuid PRIMARY KEY, member_id bigint, redirect_to bigint);
CREATE TABLE slows (id uuid PRIMARY KEY, member_id bigint);
CREATE INDEX ix_marks_member_id ON marks (member_id);
CREATE INDEX ix_marks_marked_by ON marks (marked_by);
CREATE INDEX ix_marks_user_id ON marks (user_id);
CREATE INDEX ix_parts_member_id ON parts (member_id);
CREATE INDEX ix_redirects_member_id ON redirects (member_id);
CREATE INDEX ix_slows_member_id ON slows (member_id);
CREATE FUNCTION redirect() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.member_id := NEW.redirect_to;
  RETURN NEW;
END $$;
CREATE TRIGGER redirect BEFORE INSERT OR UPDATE ON redirects FOR EACH ROW EXECUTE FUNCTION redirect();
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_sleep(random() * 0.2);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON slows DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();
`,
  models: `
model Mark {
  id       String  @id @db.Uuid
  ${reference('Cascade')}
  memberId BigInt  @map("member_id")
  ${reference('SetNull')}
  markedBy BigInt? @map("marked_by")
  /// @reference(socrates_auth.users.id, onDelete: SetNull)
  userId   String? @map("user_id") @db.Uuid
  @@map("marks")
}

model Part {
  id       String @db.Uuid
  kind     BigInt
  ${reference('Cascade')}
  memberId BigInt @map("member_id")
  @@id([id, kind])
  @@map("parts")
}

model Redirect {
  id         String  @id @db.Uuid
  ${reference('Cascade')}
  memberId   BigInt? @map("member_id")
  redirectTo BigInt? @map("redirect_to")
  @@map("redirects")
}

model Slow {
  id       String  @id @db.Uuid
  ${reference('SetNull')}
  memberId BigInt? @map("member_id")
  @@map("slows")
}
`,
} as const
