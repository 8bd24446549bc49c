//! The texts of statements with as many placeholders as there are values.

/// `$first, $first+1, …` for `count` values: the inside of an `IN (…)`.
pub fn placeholders(first: usize, count: usize) -> String {
    let all: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    all.join(", ")
}

/// Appends the placeholders of `rows` rows of `columns` values each to `INSERT INTO … `.
pub fn rows_sql(insert: &str, columns: usize, rows: usize) -> String {
    let all: Vec<String> = (0..rows).map(|row| format!("({})", placeholders(row * columns + 1, columns))).collect();
    format!("{insert} VALUES {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on() {
        assert_eq!(placeholders(3, 2), "$3, $4");
        assert_eq!(placeholders(1, 0), "");
        assert_eq!(rows_sql("INSERT INTO t (a, b)", 2, 2), "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)");
    }
}
