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
            /// A place for the value of each column.
            pub(crate) const PLACES: &'static str = $crate::sql::text!(
                "?" $(, $crate::sql::place!($column))*
            );
            /// The columns with their types, for `json_to_recordset`.
            pub(crate) const POSTGRES_FIELDS: &'static str = $crate::sql::text!(
                stringify!($first), <$first_type as $crate::sql::Column>::SQL
                $(, ", ", stringify!($column), <$type as $crate::sql::Column>::SQL)*
            );
        }

        impl $crate::sql::Row for $name {
            fn values(&self, into: &mut Vec<$crate::sql::Value>) {
                into.push(self.$first.clone().into());
                $(into.push(self.$column.clone().into());)*
            }
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

/// The place of one value.
macro_rules! place {
    ($column:ident) => {
        ", ?"
    };
}
pub(crate) use place;

/// One statement that inserts rows into a table; the last argument says what happens to rows that are there
/// already. PostgreSQL takes the rows as a JSON array (`$1`). SQLite takes each value by itself, which costs it
/// half of what taking JSON apart costs: its text is that for one row, and is drawn out to as many as there are.
macro_rules! bulk {
    ($row:ty, $table:literal, $conflict:expr) => {
        $crate::sql::Sql::pair(
            $crate::sql::text!(
                "INSERT INTO ",
                $table,
                " (",
                <$row>::COLUMNS,
                ") VALUES (",
                <$row>::PLACES,
                ") ",
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
