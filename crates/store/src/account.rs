//! Accounts of the console and their sessions.

use decurion_core::access::Permit;

use crate::sql::{Sql, args, bulk, table, text};
use crate::{Error, Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[
    CREATE,
    UPDATE,
    DELETE,
    GET,
    BY_EMAIL,
    LIST,
    SESSION_CREATE,
    SESSION_FIND,
    SESSION_SEEN,
    SESSION_DELETE,
    SESSION_DELETE_ALL,
    SESSION_LIST,
    SESSION_PRUNE,
];

table! {
    /// Somebody who may sign in.
    pub struct AccountRow {
        /// `acc_…`.
        id: String,
        /// The address to sign in with; kept in lower case, unique.
        email: String,
        /// The password's hash, in PHC string format.
        password_hash: String,
        /// Who they are in the organisation.
        person_id: Option<String>,
        /// What the account is for.
        role: String,
        /// When it was made.
        created_us: i64,
        /// May not sign in.
        disabled: bool,
    }
}

table! {
    /// A browser that is signed in.
    pub struct SessionRow {
        /// Digest of the token that the browser holds; the token itself is nowhere.
        token_digest: String,
        /// Whose session.
        account_id: String,
        /// When it began.
        created_us: i64,
        /// When it ends by itself.
        expires_us: i64,
        /// When it was last used.
        last_seen_us: i64,
        /// What the browser calls itself.
        user_agent: String,
    }
}

/// A session that is good, with its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: SessionRow,
    /// Its account, which is not disabled.
    pub account: AccountRow,
}

const CREATE: Sql = bulk!(AccountRow, "account", "");

/// Served by the primary key.
const UPDATE: Sql = Sql::one(
    "UPDATE account SET email = $2, password_hash = $3, person_id = $4, role = $5, disabled = $6 WHERE id = $1",
);

/// Served by the primary key. Its sessions go with it.
const DELETE: Sql = Sql::one("DELETE FROM account WHERE id = $1");

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", AccountRow::COLUMNS, " FROM account WHERE id = $1"));

/// Served by the unique index over addresses.
const BY_EMAIL: Sql = Sql::one(text!("SELECT ", AccountRow::COLUMNS, " FROM account WHERE email = $1"));

/// Reads the whole table: accounts are few.
const LIST: Sql = Sql::one(text!("SELECT ", AccountRow::COLUMNS, " FROM account ORDER BY email"));

impl Store {
    /// Makes an account; refuses an address that has one.
    pub async fn account_create(&self, account: AccountRow, _permit: &Permit) -> Result<AccountRow> {
        let account = AccountRow { email: account.email.to_lowercase(), ..account };
        let done = self.writer()?.write(CREATE, &[&account]).await;
        refuse_taken(done, &account.email)?;
        Ok(account)
    }

    /// Changes an account: all but its id and when it was made. Returns whether it is there.
    pub async fn account_update(&self, account: &AccountRow, _permit: &Permit) -> Result<bool> {
        let email = account.email.to_lowercase();
        let arguments = args![
            account.id.as_str(),
            email.as_str(),
            account.password_hash.as_str(),
            account.person_id.clone(),
            account.role.as_str(),
            account.disabled,
        ];
        let changed = refuse_taken(self.writer()?.execute(UPDATE, arguments).await, &email)?;
        Ok(changed == 1)
    }

    /// Deletes an account and ends its sessions. Returns whether it was there.
    pub async fn account_delete(&self, id: &str, _permit: &Permit) -> Result<bool> {
        Ok(self.writer()?.execute(DELETE, args![id]).await? == 1)
    }

    /// One account.
    pub async fn account_get(&self, id: &str, _permit: &Permit) -> Result<Option<AccountRow>> {
        Ok(self.readers.first(GET, args![id]).await?)
    }

    /// All accounts, by address.
    pub async fn account_list(&self, _permit: &Permit) -> Result<Vec<AccountRow>> {
        Ok(self.readers.all(LIST, args![]).await?)
    }

    /// The account with this address, disabled or not. Asked before anybody is known, hence without a
    /// permit.
    pub async fn account_find(&self, email: &str) -> Result<Option<AccountRow>> {
        Ok(self.readers.first(BY_EMAIL, args![email.to_lowercase()]).await?)
    }
}

fn refuse_taken<T>(done: sqlx::Result<T>, email: &str) -> Result<T> {
    done.map_err(|error| match error.as_database_error() {
        Some(refusal) if refusal.is_unique_violation() => Error::AccountExists { email: email.to_owned() },
        _ => Error::Database(error),
    })
}

const SESSION_CREATE: Sql = bulk!(SessionRow, "session", "");

/// Served by the primary key.
const SESSION_FIND: Sql = Sql::one(text!(
    "SELECT ",
    SessionRow::COLUMNS,
    " FROM session WHERE token_digest = $1 AND expires_us > $2"
));

/// Served by the primary key.
const SESSION_SEEN: Sql = Sql::one("UPDATE session SET last_seen_us = $2 WHERE token_digest = $1");

/// Served by the primary key.
const SESSION_DELETE: Sql = Sql::one("DELETE FROM session WHERE token_digest = $1");

/// Served by `session_by_account`.
const SESSION_DELETE_ALL: Sql = Sql::one("DELETE FROM session WHERE account_id = $1");

/// Served by `session_by_account`.
const SESSION_LIST: Sql = Sql::one(text!(
    "SELECT ",
    SessionRow::COLUMNS,
    " FROM session
     WHERE account_id = $1 AND expires_us > $2 ORDER BY last_seen_us DESC, token_digest"
));

/// Served by `session_by_expiry`.
const SESSION_PRUNE: Sql = Sql::one("DELETE FROM session WHERE expires_us <= $1");

/// Sessions need no permit: they come before one, and end with the browser that holds the token.
impl Store {
    /// Begins a session.
    pub async fn session_create(&self, session: &SessionRow) -> Result<()> {
        self.writer()?.write(SESSION_CREATE, &[session]).await?;
        Ok(())
    }

    /// The session of a token and its account; `None` when it has ended or the account is disabled.
    pub async fn session_find(&self, token_digest: &str, now_us: i64) -> Result<Option<SignedIn>> {
        let session: Option<SessionRow> =
            self.readers.first(SESSION_FIND, args![token_digest, now_us]).await?;
        let Some(session) = session else { return Ok(None) };
        let account: Option<AccountRow> = self.readers.first(GET, args![session.account_id.as_str()]).await?;
        Ok(account.filter(|account| !account.disabled).map(|account| SignedIn { session, account }))
    }

    /// Notes that a session was used. Callers do this once in a while, not with each request.
    pub async fn session_seen(&self, token_digest: &str, now_us: i64) -> Result<()> {
        self.writer()?.execute(SESSION_SEEN, args![token_digest, now_us]).await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn session_delete(&self, token_digest: &str) -> Result<()> {
        self.writer()?.execute(SESSION_DELETE, args![token_digest]).await?;
        Ok(())
    }

    /// Ends every session of an account; returns how many.
    pub async fn session_delete_all(&self, account_id: &str) -> Result<u64> {
        Ok(self.writer()?.execute(SESSION_DELETE_ALL, args![account_id]).await?)
    }

    /// The sessions of an account that have not ended, last used first.
    pub async fn session_list(&self, account_id: &str, now_us: i64) -> Result<Vec<SessionRow>> {
        Ok(self.readers.all(SESSION_LIST, args![account_id, now_us]).await?)
    }

    /// Forgets sessions that have ended; returns how many.
    pub async fn session_prune(&self, now_us: i64) -> Result<u64> {
        Ok(self.writer()?.execute(SESSION_PRUNE, args![now_us]).await?)
    }
}
