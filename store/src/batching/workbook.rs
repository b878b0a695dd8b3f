//! Numbers of an Office Open XML workbook (ECMA-376, `.xlsx`), as far as published instances need
//! them: cells that hold numbers, by sheet; text, formulas without a value and styles are left out.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;

/// Most bytes that a part of the workbook inflates to.
const PART_BYTES_MAX: u64 = 256 << 20;
/// Columns of a sheet as the standard limits them.
const COLUMNS_MAX: usize = 16_384;

/// A sheet: numbers by row and column, both from 0.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) cells: BTreeMap<(usize, usize), f64>,
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Reads the sheet that comes as `number` in the workbook, from 1 on.
///
/// # Errors
/// In words, for the caller to put the path to.
pub(super) fn sheet(bytes: &[u8], number: usize) -> Result<Sheet, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| format!("it is no workbook (.xlsx): {error}"))?;
    let sheets = names(&part(&mut zip, "xl/workbook.xml")?)?;
    let (name, link) = number
        .checked_sub(1)
        .and_then(|k| sheets.get(k))
        .ok_or_else(|| format!("it has {} sheets, there is no number {number}", sheets.len()))?;
    let target = target(&part(&mut zip, "xl/_rels/workbook.xml.rels")?, link)?;
    let member = match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{target}"),
    };
    let cells = cells(&part(&mut zip, &member)?).map_err(|e| format!("sheet {name:?}: {e}"))?;
    Ok(Sheet { name: name.clone(), cells })
}

fn part(zip: &mut Archive<'_>, name: &str) -> Result<String, String> {
    let member = zip.by_name(name).map_err(|error| format!("its part {name}: {error}"))?;
    let mut bytes = Vec::new();
    member
        .take(PART_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("its part {name} is damaged: {error}"))?;
    if bytes.len() as u64 > PART_BYTES_MAX {
        return Err(format!("its part {name} inflates to more than {PART_BYTES_MAX} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| format!("its part {name} is not UTF-8"))
}

/// Names of the sheets, each with the id of its link.
fn names(xml: &str) -> Result<Vec<(String, String)>, String> {
    let mut sheets = Vec::new();
    elements(xml, |tag| {
        if tag.local_name().as_ref() == "sheet" {
            let name = attribute(tag, "name")?.unwrap_or_default();
            let link = attribute(tag, "id")?.ok_or("a sheet without a link")?;
            sheets.push((name, link));
        }
        Ok(())
    })?;
    Ok(sheets)
}

/// Where a link leads.
fn target(xml: &str, link: &str) -> Result<String, String> {
    let mut found = None;
    elements(xml, |tag| {
        if tag.local_name().as_ref() == "Relationship"
            && attribute(tag, "Id")?.as_deref() == Some(link)
        {
            found = attribute(tag, "Target")?;
        }
        Ok(())
    })?;
    found.ok_or_else(|| format!("its link {link:?} leads nowhere"))
}

fn elements(
    xml: &str,
    mut each: impl FnMut(&BytesStart<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Eof => return Ok(()),
            Event::Start(tag) | Event::Empty(tag) => each(&tag)?,
            _ => {}
        }
    }
}

/// An attribute by its local name; the prefix of namespaces differs between programs. A name
/// without prefix comes first: a sheet has an `id` with one only.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Numbers of a sheet. Rows and cells that do not tell their place follow the one before.
fn cells(xml: &str) -> Result<BTreeMap<(usize, usize), f64>, String> {
    let mut reader = Reader::from_str(xml);
    let mut cells = BTreeMap::new();
    let (mut row, mut column) = (0, 0);
    // Rows and columns of this cell count from 1, so that 0 stands before the first.
    let (mut number, mut value) = (false, false);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Eof => return Ok(cells),
            Event::Start(tag) => match tag.local_name().as_ref() {
                "row" => {
                    row = index(&tag, row)?;
                    column = 0;
                }
                "c" => {
                    column = place(&tag, column)?;
                    number = attribute(&tag, "t")?.is_none_or(|kind| kind == "n");
                }
                "v" => value = number,
                _ => {}
            },
            Event::Empty(tag) => match tag.local_name().as_ref() {
                "row" => row = index(&tag, row)?,
                "c" => column = place(&tag, column)?,
                _ => {}
            },
            Event::Text(text) if value => {
                let text: &str = &text;
                let read = text.trim().parse::<f64>();
                let read = read.map_err(|_| format!("{text:?} in row {row} is no number"))?;
                if row > 0 && column > 0 {
                    cells.insert((row - 1, column - 1), read);
                }
            }
            Event::End(tag) if tag.local_name().as_ref() == "v" => value = false,
            _ => {}
        }
    }
}

/// Number of a row, from 1 on.
fn index(tag: &BytesStart<'_>, before: usize) -> Result<usize, String> {
    match attribute(tag, "r")? {
        None => Ok(before + 1),
        Some(text) => text.parse().map_err(|_| format!("{text:?} is no number of a row")),
    }
}

/// Number of the column of a cell, from 1 on, out of its place such as `AB12`.
fn place(tag: &BytesStart<'_>, before: usize) -> Result<usize, String> {
    let Some(text) = attribute(tag, "r")? else { return Ok(before + 1) };
    let letters = text.bytes().take_while(u8::is_ascii_uppercase);
    let column = letters.take(4).fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    if !(1..=COLUMNS_MAX).contains(&column) {
        return Err(format!("{text:?} is no place of a cell"));
    }
    Ok(column)
}
