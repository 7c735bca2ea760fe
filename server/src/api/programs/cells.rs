//! Rows of a file as JSON: an object for each, whose fields are the stable codes of the columns. A cell without anything in it is null, so
//! that every row has the same fields.

use std::borrow::Cow;

use domain::{
    codes::{Column, ColumnCell},
    content, date,
    report::{
        export::Cell,
        packs::Pack,
        rows::{self, FileRow},
        tidy::{self, Codes, Figure},
    },
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, ObjectBuilder, RefOr, Schema,
        schema::{SchemaType, Type},
    },
};

/// A gathering: the columns of the file with one row each, by `domain/data/row_columns.csv`.
#[derive(Debug, Serialize)]
pub struct GatheringRow(Map<String, Value>);

impl GatheringRow {
    /// Names of codes are in `lang`.
    pub fn of(lang: domain::Lang, row: FileRow<'_>) -> GatheringRow {
        let cells = Column::all().zip(rows::cells(lang, row));
        let field = |(column, cell): (Column, Cell)| {
            let value = match (is_list(column), cell) {
                (true, Cell::Text(text)) => rows::split(&text).into(),
                (true, _) => Value::Array(Vec::new()),
                (false, cell) => plain(cell),
            };
            (column.code().to_owned(), value)
        };
        GatheringRow(cells.map(field).collect())
    }
}

/// Whether a cell has several items, which a file writes into one.
fn is_list(column: Column) -> bool {
    matches!(column.field(), "target_groups" | "themes" | "funders")
}

/// A figure: the columns of a tidy table's file, by their codes.
#[derive(Debug, Serialize)]
pub struct FigureRow(Map<String, Value>);

impl FigureRow {
    pub fn of(figure: &Figure) -> FigureRow {
        let cells = tidy::COLUMNS.into_iter().zip(tidy::cells(&Codes, figure));
        FigureRow(cells.map(|(column, cell)| (column.to_owned(), plain(cell))).collect())
    }
}

fn plain(cell: Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => text.into(),
        Cell::Number(number) => number.into(),
        Cell::Hundredths(hundredths) => (hundredths as f64 / 100.0).into(),
        Cell::Date(day) => date::iso(day).into(),
        Cell::Time(minutes) => content::clock(minutes).into(),
        Cell::YesNo(yes) => yes.into(),
    }
}

/// Of a cell that may be empty.
fn nullable(of: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([of, Type::Null]))
}

impl PartialSchema for GatheringRow {
    fn schema() -> RefOr<Schema> {
        let described = Column::all().fold(ObjectBuilder::new(), |row, column| {
            let of = match column.cell() {
                _ if is_list(column) => {
                    let item = ObjectBuilder::new().schema_type(Type::String);
                    return row.property(column.code(), ArrayBuilder::new().items(item)).required(column.code());
                }
                ColumnCell::Number => Type::Integer,
                ColumnCell::Hours => Type::Number,
                ColumnCell::YesNo => Type::Boolean,
                _ => Type::String,
            };
            let named = nullable(of).description(Some(column.name(domain::Lang::En)));
            row.property(column.code(), named).required(column.code())
        });
        described.into()
    }
}

impl ToSchema for GatheringRow {
    fn name() -> Cow<'static, str> {
        "GatheringRow".into()
    }
}

/// Columns that always have a text, and those that always have a whole number.
const TEXTS: [&str; 7] = ["table", "group", "subgroup", "span", "measure", "unit", "known_unit"];
const COUNTS: [&str; 7] = ["known", "known_of", "counted", "sample", "estimated", "waiting", "asked_about"];

impl PartialSchema for FigureRow {
    fn schema() -> RefOr<Schema> {
        let described = tidy::COLUMNS.into_iter().fold(ObjectBuilder::new(), |row, column| {
            let of = match column {
                column if TEXTS.contains(&column) => ObjectBuilder::new().schema_type(Type::String),
                column if COUNTS.contains(&column) => ObjectBuilder::new().schema_type(Type::Integer),
                "note" => nullable(Type::String),
                _ => nullable(Type::Number),
            };
            row.property(column, of).required(column)
        });
        described.into()
    }
}

impl ToSchema for FigureRow {
    fn name() -> Cow<'static, str> {
        "FigureRow".into()
    }
}

/// The code of a pack.
pub struct PackCode;

impl PartialSchema for PackCode {
    fn schema() -> RefOr<Schema> {
        let codes = Pack::ALL.iter().map(|pack| pack.code());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).into()
    }
}

impl ToSchema for PackCode {}
