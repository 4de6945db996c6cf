//! Label and field selectors: one matcher for queries, budgets and node affinity.

mod fields;

pub use fields::{FieldTerm, fields_from_query};

use crate::field::{list, text};
use serde_json::Value;

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Is one of the values.
    In,
    /// Is absent or none of the values.
    NotIn,
    /// Is there.
    Exists,
    /// Is not there.
    DoesNotExist,
}

/// One condition on one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

impl Requirement {
    /// Whether a set of labels fulfils it.
    pub fn holds(&self, labels: &Value) -> bool {
        let present = labels.get(&self.key).and_then(Value::as_str);
        let listed = present.is_some_and(|value| self.values.iter().any(|wanted| wanted == value));
        match self.operator {
            Operator::In => listed,
            Operator::NotIn => !listed,
            Operator::Exists => present.is_some(),
            Operator::DoesNotExist => present.is_none(),
        }
    }

    fn new(key: &str, operator: Operator, values: &[&str]) -> Result<Requirement, String> {
        let key = key.trim();
        if key.is_empty() || key.contains(|c: char| c.is_whitespace() || "()=!,".contains(c)) {
            return Err(format!(
                "unable to parse requirement: {key:?} is not a label key"
            ));
        }
        let values = values.iter().map(|value| value.trim().to_owned()).collect();
        Ok(Requirement {
            key: key.to_owned(),
            operator,
            values,
        })
    }
}

/// Whether labels fulfil all requirements.
pub fn all_hold(requirements: &[Requirement], labels: &Value) -> bool {
    requirements.iter().all(|one| one.holds(labels))
}

/// Reads `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
pub fn from_query(query: &str) -> Result<Vec<Requirement>, String> {
    split_outside_brackets(query)
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .map(parse)
        .collect()
}

/// Reads a `LabelSelector` (`matchLabels`, `matchExpressions`); an empty one fits everything.
pub fn from_label_selector(selector: &Value) -> Vec<Requirement> {
    let labels = selector["matchLabels"].as_object().into_iter().flatten();
    let mut all: Vec<Requirement> = labels
        .filter_map(|(key, value)| Requirement::new(key, Operator::In, &[value.as_str()?]).ok())
        .collect();
    all.extend(from_expressions(list(selector, "/matchExpressions")));
    all
}

/// Reads the `matchExpressions` of a label selector or of a node selector term.
pub fn from_expressions(expressions: &[Value]) -> Vec<Requirement> {
    expressions
        .iter()
        .filter_map(|one| {
            let operator = match text(one, "/operator") {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                _ => return None,
            };
            let values: Vec<&str> = list(one, "/values")
                .iter()
                .filter_map(Value::as_str)
                .collect();
            Requirement::new(text(one, "/key"), operator, &values).ok()
        })
        .collect()
}

fn parse(part: &str) -> Result<Requirement, String> {
    let part = part.trim();
    if let Some((head, values)) = part.split_once('(') {
        let values: Vec<&str> = values
            .strip_suffix(')')
            .ok_or_else(|| format!("unable to parse requirement: {part:?} lacks a bracket"))?
            .split(',')
            .collect();
        let (key, word) = head
            .trim()
            .rsplit_once(' ')
            .ok_or_else(|| format!("unable to parse requirement: {part:?}"))?;
        return match word {
            "in" => Requirement::new(key, Operator::In, &values),
            "notin" => Requirement::new(key, Operator::NotIn, &values),
            _ => Err(format!(
                "unable to parse requirement: {word:?} is not 'in' or 'notin'"
            )),
        };
    }
    if let Some((key, value)) = part.split_once("!=") {
        return Requirement::new(key, Operator::NotIn, &[value]);
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Requirement::new(key, Operator::In, &[value]);
    }
    match part.strip_prefix('!') {
        Some(key) => Requirement::new(key, Operator::DoesNotExist, &[]),
        None => Requirement::new(part, Operator::Exists, &[]),
    }
}

fn split_outside_brackets(query: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    query
        .split(move |c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c == ',' && depth == 0
        })
        .collect()
}

#[cfg(test)]
mod tests;
