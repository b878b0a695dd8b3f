//! One table in one Parquet file: columns in a fixed order, zstd, the same bytes every time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Float64Builder, Int64Array, ListArray,
    ListBuilder, RecordBatch, StringArray, StringBuilder, TimestampMillisecondArray, UInt32Array,
    UInt32Builder,
};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use platewright_model::time::Time;

use crate::StoreError;
use crate::disk::write_atomic;

/// Version of the tables' columns; a change of any column changes it.
pub(crate) const SCHEMA_VERSION: &str = "1";
/// Level of compression: higher ones save little on ids and coordinates.
const ZSTD_LEVEL: i32 = 3;
/// Number of milliseconds of a second: Parquet has no coarser unit of time.
const MS: i64 = 1000;

/// A table to be written: columns in the order in which they are added.
pub(crate) struct Table {
    content: &'static str,
    fields: Vec<Field>,
    columns: Vec<ArrayRef>,
    facts: Vec<(String, String)>,
}

impl Table {
    /// An empty table; `content` is said in the file and checked on reading.
    pub(crate) fn new(content: &'static str) -> Self {
        Self { content, fields: Vec::new(), columns: Vec::new(), facts: Vec::new() }
    }

    fn column(mut self, name: &str, array: ArrayRef, nullable: bool) -> Self {
        self.fields.push(Field::new(name, array.data_type().clone(), nullable));
        self.columns.push(array);
        self
    }

    /// A fact about the whole table, in the file's metadata.
    pub(crate) fn fact(mut self, key: &str, value: impl ToString) -> Self {
        self.facts.push((key.to_owned(), value.to_string()));
        self
    }

    pub(crate) fn text<S: AsRef<str>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = S>,
    ) -> Self {
        self.column(name, Arc::new(StringArray::from_iter_values(values)), false)
    }

    pub(crate) fn text_or_null<S: AsRef<str>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = Option<S>>,
    ) -> Self {
        self.column(name, Arc::new(StringArray::from_iter(values)), true)
    }

    pub(crate) fn real(self, name: &str, values: impl IntoIterator<Item = f64>) -> Self {
        self.column(name, Arc::new(Float64Array::from_iter_values(values)), false)
    }

    pub(crate) fn real_or_null(
        self,
        name: &str,
        values: impl IntoIterator<Item = Option<f64>>,
    ) -> Self {
        self.column(name, Arc::new(Float64Array::from_iter(values)), true)
    }

    pub(crate) fn whole(self, name: &str, values: impl IntoIterator<Item = i64>) -> Self {
        self.column(name, Arc::new(Int64Array::from_iter_values(values)), false)
    }

    pub(crate) fn whole_or_null(
        self,
        name: &str,
        values: impl IntoIterator<Item = Option<i64>>,
    ) -> Self {
        self.column(name, Arc::new(Int64Array::from_iter(values)), true)
    }

    pub(crate) fn flag(self, name: &str, values: impl IntoIterator<Item = bool>) -> Self {
        let values: Vec<_> = values.into_iter().collect();
        self.column(name, Arc::new(BooleanArray::from(values)), false)
    }

    pub(crate) fn flag_or_null(
        self,
        name: &str,
        values: impl IntoIterator<Item = Option<bool>>,
    ) -> Self {
        let values: Vec<_> = values.into_iter().collect();
        self.column(name, Arc::new(BooleanArray::from(values)), true)
    }

    pub(crate) fn time(self, name: &str, values: impl IntoIterator<Item = Time>) -> Self {
        let ms = values.into_iter().map(|time| time.0.saturating_mul(MS));
        let array = TimestampMillisecondArray::from_iter_values(ms).with_timezone("UTC");
        self.column(name, Arc::new(array), false)
    }

    pub(crate) fn texts<S: AsRef<str>, L: IntoIterator<Item = S>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = L>,
    ) -> Self {
        let item = Field::new("element", DataType::Utf8, false);
        let mut lists = ListBuilder::new(StringBuilder::new()).with_field(item);
        for list in values {
            for value in list {
                lists.values().append_value(value);
            }
            lists.append(true);
        }
        self.column(name, Arc::new(lists.finish()), false)
    }

    pub(crate) fn reals<L: IntoIterator<Item = f64>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = L>,
    ) -> Self {
        let item = Field::new("element", DataType::Float64, false);
        let mut lists = ListBuilder::new(Float64Builder::new()).with_field(item);
        for list in values {
            for value in list {
                lists.values().append_value(value);
            }
            lists.append(true);
        }
        self.column(name, Arc::new(lists.finish()), false)
    }

    pub(crate) fn indices<L: IntoIterator<Item = u32>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = L>,
    ) -> Self {
        let item = Field::new("element", DataType::UInt32, false);
        let mut lists = ListBuilder::new(UInt32Builder::new()).with_field(item);
        for list in values {
            for value in list {
                lists.values().append_value(value);
            }
            lists.append(true);
        }
        self.column(name, Arc::new(lists.finish()), false)
    }

    /// Writes the table, all or nothing.
    pub(crate) fn write(self, path: &Path) -> Result<(), StoreError> {
        self.write_with(path, |properties| properties)
    }

    /// Writes the table with changed properties, such as the encoding of a column.
    pub(crate) fn write_with(
        self,
        path: &Path,
        change: impl FnOnce(WriterPropertiesBuilder) -> WriterPropertiesBuilder,
    ) -> Result<(), StoreError> {
        let encode = || -> Result<Vec<u8>, Box<dyn std::error::Error>> {
            let batch = RecordBatch::try_new(Arc::new(Schema::new(self.fields)), self.columns)?;
            let mut facts = vec![
                KeyValue::new("platewright.schema".to_owned(), SCHEMA_VERSION.to_owned()),
                KeyValue::new("platewright.content".to_owned(), self.content.to_owned()),
            ];
            facts.extend(self.facts.into_iter().map(|(key, value)| KeyValue::new(key, value)));
            // The version of the library that wrote a file must not change its bytes.
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
                .set_created_by("platewright".to_owned())
                .set_key_value_metadata(Some(facts));
            let options = ArrowWriterOptions::new()
                .with_properties(change(properties).build())
                .with_skip_arrow_metadata(true);
            let mut writer =
                ArrowWriter::try_new_with_options(Vec::new(), batch.schema(), options)?;
            writer.write(&batch)?;
            Ok(writer.into_inner()?)
        };
        let bytes = encode().map_err(|error| StoreError::Encode {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        write_atomic(path, &bytes)
    }
}

/// A table that was read; columns are asked for by name and type.
pub(crate) struct Rows {
    path: PathBuf,
    batch: RecordBatch,
    facts: Vec<KeyValue>,
}

impl Rows {
    /// Reads a table of ours.
    pub(crate) fn read(path: &Path, content: &str) -> Result<Self, StoreError> {
        let rows = Self::read_foreign(path, u64::MAX)?;
        for (key, expected) in
            [("platewright.schema", SCHEMA_VERSION), ("platewright.content", content)]
        {
            let found = rows.fact(key)?;
            if found != expected {
                return Err(rows.fault(format!(
                    "must say {key} = {expected:?}, says {found:?}; maybe another version of \
                     platewright wrote it"
                )));
            }
        }
        Ok(rows)
    }

    /// Reads any Parquet file of at most `most` rows: a small file can say that it has many.
    pub(crate) fn read_foreign(path: &Path, most: u64) -> Result<Self, StoreError> {
        let file = std::fs::File::open(path).map_err(crate::disk::io("open", path))?;
        let decode = || -> Result<_, Box<dyn std::error::Error>> {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
            let facts = builder.metadata().file_metadata().key_value_metadata().cloned();
            let count = builder.metadata().file_metadata().num_rows();
            if u64::try_from(count)? > most {
                return Err(format!("must have at most {most} rows, has {count}").into());
            }
            let schema = builder.schema().clone();
            let batches = builder.build()?.collect::<Result<Vec<_>, _>>()?;
            Ok((concat_batches(&schema, &batches)?, facts.unwrap_or_default()))
        };
        match decode() {
            Ok((batch, facts)) => Ok(Self { path: path.to_owned(), batch, facts }),
            Err(error) => {
                Err(StoreError::Table { path: path.to_owned(), reason: error.to_string() })
            }
        }
    }

    pub(crate) fn fault(&self, reason: impl Into<String>) -> StoreError {
        StoreError::Table { path: self.path.clone(), reason: reason.into() }
    }

    pub(crate) fn len(&self) -> usize {
        self.batch.num_rows()
    }

    pub(crate) fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    pub(crate) fn find_fact(&self, key: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.key == key).and_then(|fact| fact.value.as_deref())
    }

    pub(crate) fn fact(&self, key: &str) -> Result<&str, StoreError> {
        self.find_fact(key).ok_or_else(|| self.fault(format!("has no metadata {key:?}")))
    }

    /// A fact of another type than text.
    pub(crate) fn parsed_fact<T: std::str::FromStr>(&self, key: &str) -> Result<T, StoreError> {
        let text = self.fact(key)?;
        text.parse().map_err(|_| self.fault(format!("has bad metadata {key:?}: {text:?}")))
    }

    fn array<A: Array + 'static>(&self, name: &str) -> Result<&A, StoreError> {
        let column = self
            .batch
            .column_by_name(name)
            .ok_or_else(|| self.fault(format!("has no column {name:?}")))?;
        column.as_any().downcast_ref().ok_or_else(|| {
            self.fault(format!("has column {name:?} of another type: {}", column.data_type()))
        })
    }

    /// A column without nulls.
    fn full<A: Array + 'static>(&self, name: &str) -> Result<&A, StoreError> {
        let array: &A = self.array(name)?;
        if array.null_count() > 0 {
            return Err(self.fault(format!("has nulls in column {name:?}")));
        }
        Ok(array)
    }

    pub(crate) fn text(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let array: &StringArray = self.full(name)?;
        Ok((0..array.len()).map(|i| array.value(i).to_owned()).collect())
    }

    /// A column of ids.
    pub(crate) fn ids<T: From<String>>(&self, name: &str) -> Result<Vec<T>, StoreError> {
        Ok(self.text(name)?.into_iter().map(T::from).collect())
    }

    /// A column of values with a name for each, such as choices and UUIDs.
    pub(crate) fn named<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Vec<T>, StoreError> {
        self.text(name)?.into_iter().map(|text| self.value_of(name, text)).collect()
    }

    /// The value that `text` of column `name` stands for.
    pub(crate) fn value_of<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
        text: String,
    ) -> Result<T, StoreError> {
        serde_json::from_value(serde_json::Value::String(text))
            .map_err(|error| self.fault(format!("has a bad value in column {name:?}: {error}")))
    }

    pub(crate) fn text_or_null(&self, name: &str) -> Result<Vec<Option<String>>, StoreError> {
        let array: &StringArray = self.array(name)?;
        Ok(array.iter().map(|value| value.map(str::to_owned)).collect())
    }

    pub(crate) fn real(&self, name: &str) -> Result<Vec<f64>, StoreError> {
        Ok(self.full::<Float64Array>(name)?.values().to_vec())
    }

    pub(crate) fn real_or_null(&self, name: &str) -> Result<Vec<Option<f64>>, StoreError> {
        Ok(self.array::<Float64Array>(name)?.iter().collect())
    }

    pub(crate) fn whole(&self, name: &str) -> Result<Vec<i64>, StoreError> {
        Ok(self.full::<Int64Array>(name)?.values().to_vec())
    }

    pub(crate) fn whole_or_null(&self, name: &str) -> Result<Vec<Option<i64>>, StoreError> {
        Ok(self.array::<Int64Array>(name)?.iter().collect())
    }

    /// A column of whole numbers of a narrower type.
    pub(crate) fn count<T: TryFrom<i64>>(&self, name: &str) -> Result<Vec<T>, StoreError> {
        self.whole(name)?.into_iter().map(|value| self.narrow(name, value)).collect()
    }

    pub(crate) fn narrow<T: TryFrom<i64>>(&self, name: &str, value: i64) -> Result<T, StoreError> {
        T::try_from(value)
            .map_err(|_| self.fault(format!("has {value} in column {name:?}, out of range")))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Vec<bool>, StoreError> {
        let array: &BooleanArray = self.full(name)?;
        Ok((0..array.len()).map(|i| array.value(i)).collect())
    }

    pub(crate) fn flag_or_null(&self, name: &str) -> Result<Vec<Option<bool>>, StoreError> {
        Ok(self.array::<BooleanArray>(name)?.iter().collect())
    }

    pub(crate) fn time(&self, name: &str) -> Result<Vec<Time>, StoreError> {
        let array: &TimestampMillisecondArray = self.full(name)?;
        Ok(array.values().iter().map(|ms| Time(ms.div_euclid(MS))).collect())
    }

    /// The lists of a column, each as an array of `A`.
    fn lists<A: Array + Clone + 'static>(&self, name: &str) -> Result<Vec<A>, StoreError> {
        let array: &ListArray = self.full(name)?;
        (0..array.len())
            .map(|i| {
                let list = array.value(i);
                let items = list.as_any().downcast_ref::<A>().filter(|a| a.null_count() == 0);
                items.cloned().ok_or_else(|| {
                    self.fault(format!("has lists of another type in column {name:?}"))
                })
            })
            .collect()
    }

    pub(crate) fn texts<T: From<String>>(&self, name: &str) -> Result<Vec<Vec<T>>, StoreError> {
        let lists = self.lists::<StringArray>(name)?;
        let list = |a: &StringArray| (0..a.len()).map(|i| a.value(i).to_owned().into()).collect();
        Ok(lists.iter().map(list).collect())
    }

    pub(crate) fn reals(&self, name: &str) -> Result<Vec<Vec<f64>>, StoreError> {
        Ok(self.lists::<Float64Array>(name)?.iter().map(|a| a.values().to_vec()).collect())
    }

    pub(crate) fn indices(&self, name: &str) -> Result<Vec<Vec<u32>>, StoreError> {
        Ok(self.lists::<UInt32Array>(name)?.iter().map(|a| a.values().to_vec()).collect())
    }
}
