//! What a row struct knows about its columns.

/// A Rust type that a column may have, and its SQL type in a bulk statement on PostgreSQL.
pub(crate) trait Column {
    const SQL: &'static str;
}

impl Column for String {
    const SQL: &'static str = " TEXT";
}

impl Column for Option<String> {
    const SQL: &'static str = " TEXT";
}

impl Column for i64 {
    const SQL: &'static str = " BIGINT";
}

impl Column for Option<i64> {
    const SQL: &'static str = " BIGINT";
}

impl Column for bool {
    const SQL: &'static str = " BOOLEAN";
}

/// Declares a row: a struct whose fields are columns of the same name, read from either database and
/// written in bulk as JSON. Fields under `beside` are no columns: they are written elsewhere.
macro_rules! table {
    (
        $(#[$struct_doc:meta])*
        $vis:vis struct $name:ident {
            $(#[$first_doc:meta])* $first:ident: $first_type:ty,
            $($(#[$doc:meta])* $column:ident: $type:ty,)*
        }
        $(beside { $($(#[$beside_doc:meta])* $beside:ident: $beside_type:ty,)+ })?
    ) => {
        $(#[$struct_doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        $vis struct $name {
            $(#[$first_doc])* pub $first: $first_type,
            $($(#[$doc])* pub $column: $type,)*
            $($($(#[$beside_doc])* #[serde(default)] pub $beside: $beside_type,)+)?
        }

        #[allow(dead_code, reason = "not every row is written in bulk")]
        impl $name {
            /// The columns, separated by commas.
            pub(crate) const COLUMNS: &'static str =
                $crate::sql::text!(stringify!($first) $(, ", ", stringify!($column))*);
            /// The columns' values, out of an element of `jsonb_each`.
            pub(crate) const SQLITE_VALUES: &'static str = $crate::sql::text!(
                "value ->> '", stringify!($first), "'" $(, ", value ->> '", stringify!($column), "'")*
            );
            /// The columns with their types, for `json_to_recordset`.
            pub(crate) const POSTGRES_FIELDS: &'static str = $crate::sql::text!(
                stringify!($first), <$first_type as $crate::sql::Column>::SQL
                $(, ", ", stringify!($column), <$type as $crate::sql::Column>::SQL)*
            );
        }

        impl<'r, R> sqlx::FromRow<'r, R> for $name
        where
            R: sqlx::Row,
            &'static str: sqlx::ColumnIndex<R>,
            $first_type: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
            $($type: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,)*
        {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                Ok(Self {
                    $first: row.try_get(stringify!($first))?,
                    $($column: row.try_get(stringify!($column))?,)*
                    $($($beside: <$beside_type>::default(),)+)?
                })
            }
        }
    };
}
pub(crate) use table;

/// One statement that inserts all rows of a JSON array (`$1`) into a table; the last argument says what
/// happens to rows that are there already.
macro_rules! bulk {
    ($row:ty, $table:literal, $conflict:expr) => {
        $crate::sql::Sql::pair(
            $crate::sql::text!(
                "INSERT INTO ",
                $table,
                " (",
                <$row>::COLUMNS,
                ") SELECT ",
                <$row>::SQLITE_VALUES,
                // `jsonb_each` hands out elements that are parsed already: half the time of `json_each`.
                // Without a WHERE, SQLite reads ON CONFLICT as the condition of a join.
                " FROM jsonb_each($1) WHERE true ",
                $conflict
            ),
            $crate::sql::text!(
                "INSERT INTO ",
                $table,
                " (",
                <$row>::COLUMNS,
                ") SELECT ",
                <$row>::COLUMNS,
                " FROM json_to_recordset($1::json) AS given (",
                <$row>::POSTGRES_FIELDS,
                ") ",
                $conflict
            ),
        )
    };
}
pub(crate) use bulk;
