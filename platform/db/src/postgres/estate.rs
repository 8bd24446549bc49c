//! What an administrator does for a service before it runs: its database, its schema, a role that
//! owns the tables and cannot log in, and the role the program connects as, which owns nothing.

use kernel::{Error, Result};
use tokio_postgres::{Client, error::SqlState};

use super::{
    connect::Connector,
    failure::{Failure, describe},
};
use crate::{Db, Location, Options, error};

const NAME: &str = "souk migrate";

/// The name of publication and slot of the outbox in the current schema: plain, of at most 63 letters,
/// and another one for every schema of every database of the server.
pub const OUTBOX_BOOKMARK: &str =
    "SELECT 'souk_' || left(regexp_replace(lower(current_database() || '_' || current_schema()), '[^a-z0-9_]', '_', 'g'), 48)
        || '_' || left(md5(current_database() || '.' || current_schema()), 8) AS name";

/// A service's place in PostgreSQL, as its administrator sees it.
pub struct Estate {
    admin: String,
    connector: Connector,
    schema: String,
    /// Owns schema and tables. In quotes, as the next.
    owner: String,
    /// What the program connects as.
    program: String,
    password: Option<Vec<u8>>,
}

impl Estate {
    /// The place `schema`, which `admin` prepares (a URL of a role that may make roles and schemas)
    /// and the program reaches by `program` (a URL of a role of its own).
    ///
    /// # Errors
    /// Invalid if a URL cannot be used, or both name the same role.
    pub fn new(admin: &str, program: &str, schema: &str) -> Result<Self> {
        let options = Options::named(NAME);
        let connector = Connector::new(admin, schema, &options)?;
        let (administrator, _) = connector.credentials()?;
        let (role, password) = Connector::new(program, schema, &options)?.credentials()?;
        if role == administrator {
            let both =
                format!("`url` and `admin_url` name the same role, {role}. The program must not own its tables.");
            return Err(Error::invalid("database.url", both));
        }
        Ok(Self {
            admin: admin.to_owned(),
            connector,
            schema: schema.to_owned(),
            owner: format!("\"{role}_owner\""),
            program: format!("\"{role}\""),
            password,
        })
    }

    /// Makes what is missing: the database, both roles, the schema. What is there already comes into
    /// the hands of the owner. The program's password becomes the one in its URL.
    ///
    /// # Errors
    /// Unavailable if the server is not there, internal if the administrator may not do this.
    pub async fn prepare(&self) -> Result<()> {
        let client = self.connect().await?;
        run(&client, "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('souk roles', 0))").await?;
        self.make_roles(&client).await?;
        let Self { schema, owner, program, .. } = self;
        let make = format!(
            "CREATE SCHEMA IF NOT EXISTS {schema}; ALTER SCHEMA {schema} OWNER TO {owner};
             GRANT USAGE ON SCHEMA {schema} TO {program};
             DO $$
             DECLARE kept record;
             BEGIN
                 FOR kept IN SELECT oid::regclass AS name FROM pg_class
                     WHERE relnamespace = '{schema}'::regnamespace AND relkind = 'r'
                 LOOP EXECUTE format('ALTER TABLE %s OWNER TO {owner}', kept.name); END LOOP;
                 FOR kept IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = '{schema}'::regnamespace
                 LOOP EXECUTE format('ALTER FUNCTION %s OWNER TO {owner}', kept.name); END LOOP;
             END $$;
             COMMIT"
        );
        run(&client, &make).await
    }

    async fn make_roles(&self, client: &Client) -> Result<()> {
        let Self { owner, program, .. } = self;
        if is_unbound(client, owner).await?.is_none() {
            run(client, &format!("CREATE ROLE {owner} NOLOGIN")).await?;
        }
        run(client, &format!("GRANT {owner} TO CURRENT_USER")).await?;
        // The server is given what it would make of the password, so that no log has the password.
        let password = self.password.as_ref().map_or_else(String::new, |password| {
            format!(" PASSWORD '{}'", postgres_protocol::password::scram_sha_256(password))
        });
        match is_unbound(client, program).await? {
            Some(true) => {
                let unbound = format!("No row-level security binds the role {program}. Name one that is no superuser.");
                Err(Error::invalid("database.url", unbound))
            }
            Some(false) if password.is_empty() => Ok(()),
            Some(false) => run(client, &format!("ALTER ROLE {program} LOGIN{password}")).await,
            None => run(client, &format!("CREATE ROLE {program} LOGIN{password}")).await,
        }
    }

    /// Opens the place as its owner: for migrations.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn open(&self, options: Options) -> Result<Db> {
        let location = Location::Postgres { url: self.admin.clone(), schema: self.schema.clone() };
        Db::open(location, Options { act_as: Some(self.owner.clone()), ..options }).await
    }

    /// Lets the program read and write the tables there are now; but only add to those whose comment
    /// is `append-only`, and only read the list of migrations.
    ///
    /// # Errors
    /// As [`Estate::prepare`].
    pub async fn grant(&self) -> Result<()> {
        let Self { schema, owner, program, .. } = self;
        let grant = format!(
            "SET ROLE {owner};
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {program};
             REVOKE INSERT, UPDATE, DELETE ON {schema}.schema_migrations FROM {program};
             DO $$
             DECLARE kept record;
             BEGIN
                 FOR kept IN SELECT oid::regclass AS name FROM pg_class
                     WHERE relnamespace = '{schema}'::regnamespace AND obj_description(oid, 'pg_class') = 'append-only'
                 LOOP EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM {program}', kept.name); END LOOP;
             END $$"
        );
        run(&self.connect().await?, &grant).await
    }

    /// Lets the program follow its outbox by logical replication: the publication, which only an
    /// owner can make, and the right to replicate.
    ///
    /// # Errors
    /// As [`Estate::prepare`].
    pub async fn let_replicate(&self) -> Result<()> {
        let Self { schema, program, .. } = self;
        let client = self.connect().await?;
        run(&client, &format!("SET search_path TO {schema}; ALTER ROLE {program} REPLICATION")).await?;
        let failed = |e: tokio_postgres::Error| Failure::of(&e, OUTBOX_BOOKMARK).error;
        let name: String = client.query_one(OUTBOX_BOOKMARK, &[]).await.map_err(failed)?.get(0);
        let known =
            client.query_opt("SELECT 1 FROM pg_publication WHERE pubname = $1", &[&name]).await.map_err(failed)?;
        match known {
            Some(_) => Ok(()),
            None => {
                run(&client, &format!("CREATE PUBLICATION {name} FOR TABLE outbox WITH (publish = 'insert')")).await
            }
        }
    }

    /// A connection of the administrator, to a database that is made if missing.
    async fn connect(&self) -> Result<Client> {
        match self.connector.open(NAME, drop).await {
            Err(e) if e.code() == Some(&SqlState::UNDEFINED_DATABASE) => {
                let (elsewhere, missing) = self.connector.to_database("postgres");
                let (client, _) = elsewhere.open(NAME, drop).await.map_err(unreachable)?;
                run(&client, &format!("CREATE DATABASE \"{}\"", missing.replace('"', "\"\""))).await?;
                self.connector.open(NAME, drop).await.map_err(unreachable)
            }
            opened => opened.map_err(unreachable),
        }
        .map(|(client, _)| client)
    }
}

/// Whether row-level security does not bind a role; `None` if there is no such role.
async fn is_unbound(client: &Client, role: &str) -> Result<Option<bool>> {
    let sql = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE '\"' || rolname || '\"' = $1";
    let row = client.query_opt(sql, &[&role]).await.map_err(|e| Failure::of(&e, sql).error)?;
    Ok(row.map(|row| row.get(0)))
}

async fn run(client: &Client, sql: &str) -> Result<()> {
    client.batch_execute(sql).await.map_err(|e| Failure::of(&e, what(sql)).error)
}

/// A statement for a message: without the rest, which may hold what stands for a password.
fn what(sql: &str) -> &str {
    sql.split(" PASSWORD ").next().unwrap_or_default()
}

fn unreachable(cause: tokio_postgres::Error) -> Error {
    error::unavailable(describe(&cause))
}
