//! The zip around an XLSX or ODS file, and the XML in it: unpacked as a stream, and never further than [`UNPACKED_BYTES_MAX`].

use std::{
    cell::Cell as Shared,
    io::{BufRead, BufReader, Cursor, Error, Read},
    rc::Rc,
};

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};
use zip::ZipArchive;

use super::{FileProblem, Result, UNPACKED_BYTES_MAX};

/// Parts of a file: a spreadsheet of 100 sheets with pictures has some hundreds.
pub(super) const PARTS_MAX: usize = 2_000;

pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// What may still be unpacked, of all parts together.
    left: Rc<Shared<u64>>,
}

impl<'a> Package<'a> {
    pub fn open(file: &'a [u8]) -> Result<Package<'a>> {
        let zip = ZipArchive::new(Cursor::new(file)).map_err(|_| FileProblem::Broken)?;
        if zip.len() > PARTS_MAX {
            return Err(FileProblem::TooMuchInside);
        }
        Ok(Package { zip, left: Rc::new(Shared::new(UNPACKED_BYTES_MAX)) })
    }

    pub fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// A part as XML; none where there is no such part.
    pub fn part(&mut self, name: &str) -> Result<Option<Xml<'_>>> {
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let left = self.left.clone();
        let part = self.zip.by_index(index).map_err(|_| FileProblem::Broken)?;
        let bounded: Box<dyn BufRead + '_> =
            Box::new(BufReader::with_capacity(64 * 1024, Bounded { inner: part, left: left.clone() }));
        let mut reader = Reader::from_reader(bounded);
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(Xml { reader, buffer: Vec::new(), left }))
    }
}

/// Ends where more is unpacked than may be. The sizes that a zip says of itself are not asked.
struct Bounded<R> {
    inner: R,
    left: Rc<Shared<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64);
        self.left.set(left.unwrap_or(0));
        left.map(|_| read).filter(|_| self.left.get() > 0).ok_or_else(|| Error::other("more than is unpacked"))
    }
}

pub(super) struct Xml<'a> {
    reader: Reader<Box<dyn BufRead + 'a>>,
    buffer: Vec<u8>,
    left: Rc<Shared<u64>>,
}

impl Xml<'_> {
    /// The next event; an element without content begins and ends.
    pub fn next(&mut self) -> Result<Event<'_>> {
        self.buffer.clear();
        let left = self.left.clone();
        self.reader.read_event_into(&mut self.buffer).map_err(|_| match left.get() {
            0 => FileProblem::TooMuchInside,
            _ => FileProblem::Broken,
        })
    }
}

/// The value of an attribute by its local name, where it has one.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|one| one.key.local_name().as_ref() == name)?;
    #[expect(
        deprecated,
        reason = "the text without the normalising of white space, of which no attribute here has any"
    )]
    Some(found.unescape_value().ok()?.into_owned())
}

/// Whether it is there and says yes.
pub(super) fn says_yes(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| value == "1" || value == "true")
}

/// `&amp;` and its like. What a document defines itself is not looked up.
pub(super) fn push_reference(reference: &BytesRef<'_>, out: &mut String) {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => out.push(c),
        _ => match reference.xml10_content().as_ref() {
            "amp" => out.push('&'),
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "quot" => out.push('"'),
            "apos" => out.push('\''),
            _ => {}
        },
    }
}
