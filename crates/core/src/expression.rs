//! Expressions in CEL, the Common Expression Language (<https://cel.dev>): guards and mappings in packs.
//!
//! An expression sees only the JSON value it is given. It cannot loop without bound, read a clock or reach
//! anything outside, so it is safe in a decision.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, IdedExpr};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::objects::Key;
use cel::{Context, Env, ParseErrors, Program, Value};
use serde_json::Value as Json;

/// The longest text that is taken as an expression, in bytes.
pub const MAX_EXPRESSION_BYTES: usize = 4_096;

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// A compiled expression that remembers its text.
#[derive(Clone)]
pub struct Expression {
    text: String,
    program: Arc<Program>,
}

/// Why an expression cannot be compiled or gives no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    #[error("the expression has {bytes} bytes; at most {MAX_EXPRESSION_BYTES} are taken")]
    TooLong { bytes: usize },
    /// Where the text stops being CEL, both counted from 1 within it.
    #[error("not a CEL expression: {message} (line {line}, column {column} of the expression)")]
    Syntax { line: usize, column: usize, message: String },
    #[error("`{text}` has no value here: {reason}")]
    Evaluation { text: String, reason: String },
    #[error("`{text}` must give {expected}, and gives {found}")]
    Type { text: String, expected: &'static str, found: String },
}

impl Expression {
    /// Compiles `text`.
    pub fn compile(text: &str) -> Result<Self, ExpressionError> {
        if text.len() > MAX_EXPRESSION_BYTES {
            return Err(ExpressionError::TooLong { bytes: text.len() });
        }
        let program = ENV.compile(text).map_err(|errors| syntax_error(&errors))?;
        Ok(Self { text: text.to_owned(), program: Arc::new(program) })
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names that the expression reads and that it does not bind itself (`labels.exists(l, …)` binds `l`).
    pub fn variables(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        free_names(self.program.expression(), &mut Vec::new(), &mut names);
        names.into_iter().collect()
    }

    /// The fields that the expression reads of the name `of`, or asks for with `has`: `facts.a > 1` reads `a`.
    pub fn fields(&self, of: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        walk(self.program.expression(), &mut |expr| {
            if let Expr::Select(select) = expr
                && matches!(&select.operand.expr, Expr::Ident(name) if name == of)
            {
                names.insert(select.field.clone());
            }
        });
        names.into_iter().collect()
    }

    /// The value over `scope`, an object whose fields are the variables.
    pub fn value(&self, scope: &Json) -> Result<Json, ExpressionError> {
        self.value_in(&Scope::new(scope))
    }

    /// The value over a scope that several expressions share.
    pub fn value_in(&self, scope: &Scope) -> Result<Json, ExpressionError> {
        let value = self.execute(scope)?;
        let mut json = value.json().map_err(|error| self.failed(error.to_string()))?;
        // CEL's maps have no order; what is derived from a value must not change from run to run.
        json.sort_all_objects();
        Ok(json)
    }

    /// The truth of a guard over `scope`. Anything but a boolean is an error.
    pub fn is_true(&self, scope: &Json) -> Result<bool, ExpressionError> {
        self.is_true_in(&Scope::new(scope))
    }

    /// The truth of a guard over a scope that several expressions share.
    pub fn is_true_in(&self, scope: &Scope) -> Result<bool, ExpressionError> {
        match self.execute(scope)? {
            Value::Bool(truth) => Ok(truth),
            other => Err(ExpressionError::Type {
                text: self.text.clone(),
                expected: "true or false",
                found: format!("{:?}", other.type_of()),
            }),
        }
    }

    fn execute(&self, scope: &Scope) -> Result<Value, ExpressionError> {
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.set_variable_resolver(scope);
        self.program.execute(&context).map_err(|error| self.failed(error.to_string()))
    }

    fn failed(&self, reason: String) -> ExpressionError {
        ExpressionError::Evaluation { text: self.text.clone(), reason }
    }
}

/// What expressions read: the fields of a JSON object. A field becomes a value of CEL when an expression first
/// asks for it, so that one scope serves several expressions and costs what they read.
pub struct Scope(Vec<Variable>);

struct Variable {
    name: String,
    json: Json,
    value: OnceLock<Option<Box<dyn Val>>>,
}

impl Scope {
    /// A scope whose variables are the fields of an object; anything else has none.
    pub fn new(json: &Json) -> Self {
        Self::of(json.clone())
    }

    /// The same, of a value that nobody else needs.
    pub fn of(json: Json) -> Self {
        let Json::Object(fields) = json else { return Self(Vec::new()) };
        let variable = |(name, json)| Variable { name, json, value: OnceLock::new() };
        Self(fields.into_iter().map(variable).collect())
    }
}

impl VariableResolver for Scope {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let variable = self.0.iter().find(|variable| variable.name == name)?;
        let value = variable.value.get_or_init(|| to_cel(&variable.json).try_into().ok());
        value.as_deref().map(CowVal::Borrowed)
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scope")
    }
}

/// The first thing that the parser stumbled over; what follows it is mostly an echo.
fn syntax_error(errors: &ParseErrors) -> ExpressionError {
    let place = |number: isize| usize::try_from(number).unwrap_or(1).max(1);
    errors.errors.first().map_or_else(
        || ExpressionError::Syntax { line: 1, column: 1, message: errors.to_string() },
        |error| ExpressionError::Syntax {
            line: place(error.pos.0),
            column: place(error.pos.1),
            message: error.msg.clone(),
        },
    )
}

/// Collects the identifiers under `expr` that no comprehension around them binds.
fn free_names<'a>(expr: &'a IdedExpr, bound: &mut Vec<&'a str>, names: &mut BTreeSet<String>) {
    match &expr.expr {
        Expr::Ident(name) if !name.starts_with('@') && !bound.contains(&name.as_str()) => {
            names.insert(name.clone());
        }
        Expr::Comprehension(comprehension) => {
            free_names(&comprehension.iter_range, bound, names);
            free_names(&comprehension.accu_init, bound, names);
            let outside = bound.len();
            bound.push(&comprehension.iter_var);
            bound.extend(comprehension.iter_var2.as_deref());
            bound.push(&comprehension.accu_var);
            for part in [&comprehension.loop_cond, &comprehension.loop_step, &comprehension.result] {
                free_names(part, bound, names);
            }
            bound.truncate(outside);
        }
        _ => children(expr).into_iter().for_each(|child| free_names(child, bound, names)),
    }
}

/// Shows every part of an expression, outside first.
fn walk<'a>(expr: &'a IdedExpr, see: &mut impl FnMut(&'a Expr)) {
    see(&expr.expr);
    for child in children(expr) {
        walk(child, see);
    }
}

/// The parts that an expression is made of.
fn children(expr: &IdedExpr) -> Vec<&IdedExpr> {
    match &expr.expr {
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => Vec::new(),
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Comprehension(parts) => {
            vec![&parts.iter_range, &parts.accu_init, &parts.loop_cond, &parts.loop_step, &parts.result]
        }
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => map.entries.iter().flat_map(entry_children).collect(),
        Expr::Struct(object) => object.entries.iter().flat_map(entry_children).collect(),
        Expr::Select(select) => vec![&select.operand],
    }
}

fn entry_children(entry: &IdedEntryExpr) -> Vec<&IdedExpr> {
    match &entry.expr {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(pair) => vec![&pair.key, &pair.value],
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({:?})", self.text)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// JSON as CEL sees it. Whole numbers become `int`, so that a guard may compare them with a plain literal.
fn to_cel(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(float)) => Value::Float(float),
            (None, None) => Value::Null,
        },
        Json::String(text) => Value::String(Arc::new(text.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(to_cel).collect())),
        Json::Object(fields) => {
            #[expect(clippy::disallowed_types, reason = "the expression library takes its objects this way")]
            let map: std::collections::HashMap<Key, Value> = fields
                .iter()
                .map(|(name, value)| (Key::String(Arc::new(name.clone())), to_cel(value)))
                .collect();
            Value::Map(map.into())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::{Expression, ExpressionError};

    #[test]
    fn a_guard_reads_its_scope() {
        let guard = Expression::compile("severity in ['sev1', 'sev2'] && records > 0").unwrap();
        assert_eq!(guard.is_true(&json!({"severity": "sev2", "records": 3})), Ok(true));
        assert_eq!(guard.is_true(&json!({"severity": "sev3", "records": 3})), Ok(false));
        assert_eq!(guard.variables(), ["records", "severity"]);
    }

    #[test]
    fn a_mapping_walks_into_nested_objects() {
        let title = Expression::compile("detail.type + ' in ' + region").unwrap();
        let scope = json!({"detail": {"type": "Recon"}, "region": "eu-north-1"});
        assert_eq!(title.value(&scope), Ok(json!("Recon in eu-north-1")));
    }

    #[test]
    fn names_that_the_expression_binds_itself_are_not_read_from_outside() {
        let names = |text: &str| Expression::compile(text).unwrap().variables();
        assert_eq!(names("labels.exists(l, l == wanted) && l > 1"), ["l", "labels", "wanted"]);
        assert_eq!(names("tags.filter(t, t.size() > 2).all(t, t in {'a': known})"), ["known", "tags"]);
        let fields = |text: &str| Expression::compile(text).unwrap().fields("facts");
        assert_eq!(fields("!(facts.a > 1) && [facts.b].all(x, has(facts.c) || other.d)"), ["a", "b", "c"]);
        assert_eq!(names("has(body.detail.id) ? body.detail.id : ''"), ["body"]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let broken = Expression::compile("a ==\n b &&& c");
        assert!(matches!(broken, Err(ExpressionError::Syntax { line: 2, column: 6, .. })), "{broken:?}");
        assert!(matches!(Expression::compile("a &&"), Err(ExpressionError::Syntax { line: 1, .. })));
        let missing = Expression::compile("detail.id").unwrap().value(&json!({}));
        assert!(matches!(missing, Err(ExpressionError::Evaluation { .. })));
        let number = Expression::compile("1 + 1").unwrap().is_true(&json!({}));
        assert!(matches!(number, Err(ExpressionError::Type { .. })));
    }
}
