/** Revisions that come on top of a history of the repository, and the models that declare the references. */
export interface More {
  readonly revisions: readonly { readonly name: string; readonly up: string; readonly down?: string }[]
  readonly models: string
}

export const referenced: More = {
  revisions: [
    {
      name: '010_attack',
      up: `CREATE TABLE realms (id bigint PRIMARY KEY);
CREATE TABLE circles (id bigint PRIMARY KEY, realm_id bigint NOT NULL REFERENCES realms ON DELETE CASCADE);
CREATE TABLE members (id bigint PRIMARY KEY, circle_id bigint NOT NULL REFERENCES circles ON DELETE CASCADE);
CREATE INDEX ix_circles_realm_id ON circles (realm_id);
CREATE INDEX ix_members_circle_id ON members (circle_id);
`,
    },
  ],
  models: `
model Member {
  id BigInt @id
  @@map("members")
}
`,
}

const reference = (onDelete: string) => `/// @reference(socrates_auth.members.id, onDelete: ${onDelete})`

/** Makes a table anew with its rows, as a migration does that ALTER TABLE has no word for. */
const remake = (definition: string) => `LOCK TABLE slows;
CREATE TABLE slows_anew (${definition});
INSERT INTO slows_anew (id, member_id) SELECT id, member_id FROM slows;
DROP TABLE slows;
ALTER TABLE slows_anew RENAME TO slows;
ALTER INDEX slows_anew_pkey RENAME TO slows_pkey;
CREATE INDEX ix_slows_member_id ON slows (member_id);
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON slows DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();
`

export const referencing: More = {
  revisions: [
    {
      name: '011_attack',
      up: `-- depends-on: socrates_auth@010
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
    },
    {
      name: '012_attack_remade',
      up: remake("member_id bigint, id uuid PRIMARY KEY, note text NOT NULL DEFAULT ''"),
      down: remake('id uuid PRIMARY KEY, member_id bigint'),
    },
  ],
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
  note     String  @default("")
  @@map("slows")
}
`,
}
