import { escapeLiteral } from 'pg'

/** Makes a table `foreign_users` of the users in another database, with the defaults of postgres_fdw. */
export function foreignUsers(auth: string): string {
  const { hostname, port, pathname, username, password } = new URL(auth)
  const text = (value: string) => escapeLiteral(decodeURIComponent(value))
  return `CREATE EXTENSION postgres_fdw;
    CREATE SERVER auth FOREIGN DATA WRAPPER postgres_fdw
      OPTIONS (host ${text(hostname)}, port ${text(port || '5432')}, dbname ${text(pathname.slice(1))});
    CREATE USER MAPPING FOR CURRENT_USER SERVER auth OPTIONS (user ${text(username)}, password ${text(password)});
    CREATE FOREIGN TABLE foreign_users (id uuid) SERVER auth OPTIONS (table_name 'users');`
}
