//! `POST /api/v1/import/preview`, `/save` and `/undo`: a spreadsheet becomes gatherings.
//!
//! The server writes them as the reviewer's, by the rules of a push, and the phones are given them like everything else: 10,000
//! gatherings through a phone's outbox would be 200 pushes and 20 MB over its network, and would hold up what people record meanwhile.
//!
//! What a row becomes is known by what it says: its record's id is a hash of the association, of the row, and of how many rows before it
//! in the file say the same. So the same file twice makes nothing twice, and a call that broke off is called again. The id of each change
//! is a hash, too, of the record, of the revision it starts from and of the file: what it was answered is stored (S5), and tells later
//! what this file has made and whether anybody has changed it since.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use axum::{
    Json, RequestExt,
    body::Bytes,
    extract::{Query, Request, State, rejection::QueryRejection},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    AssociationId, ChangeId, Content, DeviceId, FieldError, Kind, Problem as Wrong, RecordId, Series,
    association::Association,
    codes::{ActivityForm, Municipality},
    import::{self, Column, Known, Outcome as Read, Reading, Settings},
};
use sha2::{Digest, Sha256};
use sync::{
    canonical::canonical,
    limits,
    protocol::{
        Change, Outcome,
        import::{ImportProblem, ImportReply, ImportRequest, ImportRow, ImportSaved, ImportUndone, LeftOutRow},
    },
    rules::{Keys, Who, codes, pull::PullRow},
};
use uuid::{Builder, Uuid};

use super::{members::AssociationParams, whole::each_row};
use crate::{
    Server,
    files::{self, FileProblem},
    http::{
        limits::Place,
        problem::{Problem, ProblemBody},
    },
    identity::{
        scope::{reviewer, who},
        sign_in::{SignedIn, known_device},
    },
    store::{DeviceReport, Person, group::Push},
};

/// Good rows that a preview shows; the others are counted.
const ROWS_SHOWN: usize = 20;
/// Bad rows that a preview shows: nobody mends more of them one by one.
const BAD_ROWS_SHOWN: usize = 200;
/// Rows left out that a preview names.
const LEFT_OUT_SHOWN: usize = 50;
/// How long one call writes. The screen calls again and says how far it is.
const WRITING: Duration = Duration::from_secs(3);
/// The form where nobody says one.
const FORM: &str = "kerho";

/// Reads a file and tells what would come of it. Nothing is written.
#[utoipa::path(post, path = "/api/v1/import/preview", params(AssociationParams), request_body = ImportRequest, responses(
    (status = 200, body = ImportReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "the file cannot be read; `code` says why"),
    (status = 503, body = ProblemBody),
))]
pub async fn preview(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AssociationParams>, QueryRejection>,
    request: Request,
) -> Result<Json<ImportReply>, Problem> {
    let Held { mut brought, _place, .. } = bring(&server, &person, params, request).await?;
    brought.find_undone(&server).await?;
    Ok(Json(brought.told()))
}

/// Writes the rows that are not there yet, for some seconds: `left` says how many are to come.
#[utoipa::path(post, path = "/api/v1/import/save", params(AssociationParams), request_body = ImportRequest, responses(
    (status = 200, body = ImportSaved),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "the file cannot be read; `code` says why"),
    (status = 503, body = ProblemBody),
))]
pub async fn save(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AssociationParams>, QueryRejection>,
    request: Request,
) -> Result<Json<ImportSaved>, Problem> {
    let Held { mut brought, who, _place } = bring(&server, &person, params, request).await?;
    brought.find_undone(&server).await?;
    let changes = brought.to_save(server.clock.now_ms());
    let written = write(&server, who, changes).await?;
    let of_gatherings = |outcome: fn(&Became) -> bool| {
        written.became.iter().filter(|(kind, became)| *kind == Kind::Gathering && outcome(became)).count() as u32
    };
    Ok(Json(ImportSaved {
        saved: of_gatherings(|became| *became == Became::Stored),
        left: written.left,
        refused: of_gatherings(|became| *became == Became::Refused),
        another_day: of_gatherings(|became| *became == Became::Later),
    }))
}

/// Takes back what this file has made, where nobody has changed any of it since. Groups stay: others may record in them already.
#[utoipa::path(post, path = "/api/v1/import/undo", params(AssociationParams), request_body = ImportRequest, responses(
    (status = 200, body = ImportUndone),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "the file cannot be read; `code` says why"),
    (status = 503, body = ProblemBody),
))]
pub async fn undo(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AssociationParams>, QueryRejection>,
    request: Request,
) -> Result<Json<ImportUndone>, Problem> {
    let Held { brought, who, _place } = bring(&server, &person, params, request).await?;
    let (made, edited) = brought.made(&server).await?;
    if edited > 0 {
        return Ok(Json(ImportUndone { undone: 0, left: 0, edited }));
    }
    let now_ms = server.clock.now_ms();
    let changes = made.into_iter().map(|(record, base)| Change {
        change: hashed_change(&[b"undo", record.uuid().as_bytes(), &base.to_be_bytes()]),
        record,
        kind: Kind::Gathering,
        base,
        content: None,
        deleted: true,
        made_at: now_ms,
        filed: true,
    });
    let written = write(&server, who, changes.collect()).await?;
    let undone = written.became.iter().filter(|(_, became)| *became == Became::Stored).count() as u32;
    // Whoever changed one between our looking and our writing keeps it.
    Ok(Json(ImportUndone { undone, left: written.left, edited: written.became.len() as u32 - undone }))
}

/// What the association has of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Had {
    rev: u32,
    is_deleted: bool,
    /// Deleted by taking back an import, and not by somebody who did not want it.
    was_undone: bool,
}

/// A file that was read, with what it would become.
struct Brought {
    sheets: Vec<String>,
    chosen: usize,
    /// Headings of columns that the file hides.
    hidden: Vec<String>,
    reading: Reading,
    /// Of each row, its record.
    ids: Vec<RecordId>,
    had: HashMap<(Kind, RecordId), Had>,
    /// The groups' names.
    groups: HashMap<RecordId, String>,
    association: AssociationId,
    /// Of the file.
    hash: [u8; 32],
}

/// A file that was read, by whom, and the place that they have for it.
struct Held {
    brought: Brought,
    who: Who,
    _place: Place,
}

/// Looks who brings a file, and reads the body, the association's records and the file.
async fn bring(
    server: &Server,
    person: &Person,
    params: Result<Query<AssociationParams>, QueryRejection>,
    request: Request,
) -> Result<Held, Problem> {
    let Query(AssociationParams { association }) = params?;
    let member = reviewer(person, association)?;
    let of_file = server.limits.file_place(person.user).await?;
    server.limits.association(association)?;
    let device = known_device(request.headers()).unwrap_or(DeviceId::new(Uuid::nil()));
    let body: Bytes = request.extract().await?;
    let mut request: ImportRequest = serde_json::from_slice(&body)
        .map_err(|_| Problem::Unreadable("The body is not an import. Nothing was taken."))?;
    drop(body);
    let file = STANDARD
        .decode(std::mem::take(&mut request.file))
        .map_err(|_| Problem::Unreadable("The file is not in base64. Nothing was taken."))?;
    let settings = settings(&request)?;
    let (known, had) = load(server, association).await?;
    let place = server.limits.reading_place().await?;
    // The place goes with the work: a request that is given up does not end it.
    let work = move || {
        let _place = place;
        read(association, &request, &file, &settings, &known, had)
    };
    let brought = tokio::task::spawn_blocking(work).await.map_err(|_| FileProblem::Broken)??;
    Ok(Held { brought, who: who(server, member, device), _place: of_file })
}

fn settings(request: &ImportRequest) -> Result<Settings, Problem> {
    const WRONG: Problem = Problem::Unreadable("There is no such column, year or form.");
    let column = |code: &String| match code.as_str() {
        "" => Ok(None),
        code => Column::parse(code).map(Some).ok_or(WRONG),
    };
    let columns = request.columns.as_ref().map(|columns| columns.iter().map(column).collect::<Result<_, _>>());
    let form = ActivityForm::parse(request.form.as_deref().unwrap_or(FORM)).ok_or(WRONG)?;
    if request.year.is_some_and(|year| !(2000..2100).contains(&year)) {
        return Err(WRONG);
    }
    Ok(Settings { columns: columns.transpose()?, year: request.year, form })
}

/// The association's home and groups, and of each group and gathering whether it is there.
async fn load(server: &Server, association: AssociationId) -> Result<(Known, HashMap<(Kind, RecordId), Had>), Problem> {
    let mut there = There::default();
    let take = |row| {
        there.take(row);
        Ok(())
    };
    each_row(server, association, take).await?;
    let home = there.home.ok_or(Problem::NotFound)?;
    Ok((Known { home, series: there.series(), today: server.clock.today() }, there.had))
}

/// What the pages of an association's records tell. A record that is written meanwhile comes once more, on a later page, as it is then.
#[derive(Debug, Default)]
struct There {
    home: Option<Municipality>,
    /// With the place of each in the order of the association's changes.
    series: HashMap<RecordId, (u64, Series, Content)>,
    had: HashMap<(Kind, RecordId), Had>,
}

impl There {
    /// Takes a row in the order of the association's changes.
    fn take(&mut self, row: PullRow) {
        if matches!(row.kind, Kind::Series | Kind::Gathering) {
            let one = Had { rev: row.rev, is_deleted: row.content.is_none(), was_undone: false };
            self.had.insert((row.kind, row.id), one);
        }
        match (row.kind, row.content) {
            (Kind::Association, Some(content)) => {
                self.home = Association::parse(&content).ok().map(|association| association.home);
            }
            (Kind::Series, content) => {
                let read = content.and_then(|content| Some((row.seq, Series::parse(&content).ok()?, content)));
                match read {
                    Some(one) => self.series.insert(row.id, one),
                    None => self.series.remove(&row.id),
                };
            }
            _ => {}
        }
    }

    /// The groups in use after those that have ended: where two have one name, the last one has it.
    fn series(&mut self) -> Vec<(RecordId, Series, Content)> {
        let mut series: Vec<_> = self.series.drain().collect();
        series.sort_unstable_by_key(|(_, (seq, one, _))| (!one.archived, *seq));
        series.into_iter().map(|(id, (_, one, content))| (id, one, content)).collect()
    }
}

fn read(
    association: AssociationId,
    request: &ImportRequest,
    file: &[u8],
    settings: &Settings,
    known: &Known,
    had: HashMap<(Kind, RecordId), Had>,
) -> Result<Brought, FileProblem> {
    let read = files::read(file, request.sheet.map(|sheet| sheet as usize))?;
    let series_id = |key: &str| hashed(&[b"series", association.uuid().as_bytes(), key.as_bytes()]);
    let reading = import::read(&read.sheet, &request.name, settings, known, &series_id);
    if reading.rows.len() > import::ROWS_MAX {
        return Err(FileProblem::TooManyRows);
    }
    let mut groups: HashMap<RecordId, String> =
        known.series.iter().map(|(id, series, _)| (*id, series.name.clone())).collect();
    for (name, _) in &reading.new_series {
        groups.insert(series_id(&import::series_key(name)), name.clone());
    }
    let mut times: HashMap<[u8; 32], u32> = HashMap::new();
    let ids = reading
        .rows
        .iter()
        .map(|row| {
            // Our own export names the record. An id that this association does not have is another's, and is not taken.
            if let Some(id) = row.id.filter(|id| had.contains_key(&(Kind::Gathering, *id))) {
                return id;
            }
            let says = digest(&[canonical(&row.own).as_bytes()]);
            let time = times.entry(says).or_default();
            *time += 1;
            hashed(&[b"gathering", association.uuid().as_bytes(), &says, &time.to_be_bytes()])
        })
        .collect();
    let hidden = read.sheet.hidden.iter().filter_map(|column| reading.headings.get(*column).cloned()).collect();
    Ok(Brought {
        sheets: read.sheets,
        chosen: read.chosen,
        hidden,
        reading,
        ids,
        had,
        groups,
        association,
        hash: Sha256::digest(file).into(),
    })
}

impl Brought {
    fn had(&self, record: RecordId) -> Option<Had> {
        self.had.get(&(Kind::Gathering, record)).copied()
    }

    /// `new`, `known` or `deleted`.
    fn state(&self, record: RecordId) -> &'static str {
        match self.had(record) {
            None => "new",
            Some(Had { is_deleted: true, was_undone: true, .. }) => "new",
            Some(Had { is_deleted: true, .. }) => "deleted",
            Some(_) => "known",
        }
    }

    /// Looks which of the deleted records were deleted by taking an import back.
    async fn find_undone(&mut self, server: &Server) -> Result<(), Problem> {
        let deleted: Vec<(RecordId, u32)> =
            self.ids.iter().filter_map(|id| Some((*id, self.had(*id).filter(|had| had.is_deleted)?.rev))).collect();
        for part in deleted.chunks(limits::PULL_PAGE_MAX as usize) {
            let by_change: HashMap<ChangeId, RecordId> = part
                .iter()
                .map(|(id, rev)| {
                    let base = rev.saturating_sub(1);
                    (hashed_change(&[b"undo", id.uuid().as_bytes(), &base.to_be_bytes()]), *id)
                })
                .collect();
            let keys = Keys { changes: by_change.keys().copied().collect(), ..Keys::default() };
            let (loaded, _) = server.store.look_up_rows(self.association, &keys).await?;
            for change in loaded.results.keys() {
                let had = by_change.get(change).and_then(|id| self.had.get_mut(&(Kind::Gathering, *id)));
                if let Some(had) = had {
                    had.was_undone = true;
                }
            }
        }
        Ok(())
    }

    /// The change that makes a record of this file, from a revision.
    fn making(&self, record: RecordId, base: u32) -> ChangeId {
        hashed_change(&[b"make", &self.hash, record.uuid().as_bytes(), &base.to_be_bytes()])
    }

    /// The groups and then the gatherings that are not there.
    fn to_save(&self, now_ms: i64) -> Vec<Change> {
        let change = |kind, record, content: Content| {
            let base = self.had.get(&(kind, record)).map_or(0, |had| had.rev);
            Change {
                change: self.making(record, base),
                record,
                kind,
                base,
                content: Some(content),
                deleted: false,
                made_at: now_ms,
                filed: true,
            }
        };
        let series = self.reading.new_series.iter().map(|(name, series)| {
            let id = hashed(&[b"series", self.association.uuid().as_bytes(), import::series_key(name).as_bytes()]);
            change(Kind::Series, id, series.to_content())
        });
        let gatherings = self.reading.rows.iter().zip(&self.ids).filter_map(|(row, id)| match &row.outcome {
            Read::Good(content) if self.state(*id) == "new" => Some(change(Kind::Gathering, *id, content.clone())),
            _ => None,
        });
        // A group without a gathering that comes is not made.
        let gatherings: Vec<Change> = gatherings.collect();
        if gatherings.is_empty() { gatherings } else { series.chain(gatherings).collect() }
    }

    /// The records that this file has made and that are there as it made them, with their revisions; and how many others it has made
    /// that somebody has changed since.
    async fn made(&self, server: &Server) -> Result<(Vec<(RecordId, u32)>, u32), Problem> {
        let there: Vec<(RecordId, u32)> =
            self.ids.iter().filter_map(|id| Some((*id, self.had(*id).filter(|had| !had.is_deleted)?.rev))).collect();
        let (mut made, mut edited) = (Vec::new(), 0);
        // A revision that this file made is the one after what it found: nothing, or what had been taken back before.
        for part in there.chunks(limits::PULL_PAGE_MAX as usize / 2) {
            let first = part.iter().map(|(id, _)| self.making(*id, 0));
            let last = part.iter().map(|(id, rev)| self.making(*id, rev.saturating_sub(1)));
            let keys = Keys { changes: first.chain(last).collect(), ..Keys::default() };
            let (loaded, _) = server.store.look_up_rows(self.association, &keys).await?;
            for (id, rev) in part {
                let is_as_made = loaded
                    .results
                    .get(&self.making(*id, rev.saturating_sub(1)))
                    .is_some_and(|result| result.rev == *rev);
                if is_as_made {
                    made.push((*id, *rev));
                } else if loaded.results.contains_key(&self.making(*id, 0)) {
                    edited += 1;
                }
            }
        }
        Ok((made, edited))
    }

    fn told(self) -> ImportReply {
        let mut told = ImportReply {
            sheets: self.sheets.clone(),
            sheet: self.chosen as u32,
            headings: self.reading.headings.clone(),
            columns: self
                .reading
                .columns
                .iter()
                .map(|column| column.map(Column::code).unwrap_or_default().to_owned())
                .collect(),
            hidden: self.hidden.clone(),
            lacks: self.reading.lacks.iter().map(|column| column.code().to_owned()).collect(),
            year: self.reading.year,
            new_groups: self.reading.new_series.iter().map(|(name, _)| name.clone()).collect(),
            left_out: self
                .reading
                .left_out
                .iter()
                .take(LEFT_OUT_SHOWN)
                .map(|(row, why)| LeftOutRow { row: *row, why: why.code().to_owned() })
                .collect(),
            ..ImportReply::default()
        };
        let (mut good_shown, mut bad_shown) = (0, 0);
        for (row, id) in self.reading.rows.iter().zip(&self.ids) {
            let (state, content, problems) = match &row.outcome {
                Read::Good(content) => (self.state(*id), content, Vec::new()),
                Read::Bad(errors) => ("bad", &row.own, errors.iter().map(problem).collect()),
            };
            let (count, shown, most) = match state {
                "new" => (&mut told.new, &mut good_shown, ROWS_SHOWN),
                "known" => (&mut told.known, &mut good_shown, ROWS_SHOWN),
                "deleted" => (&mut told.deleted, &mut good_shown, ROWS_SHOWN),
                _ => (&mut told.bad, &mut bad_shown, BAD_ROWS_SHOWN),
            };
            *count += 1;
            if state == "new" {
                told.visits += content.get("participants").and_then(serde_json::Value::as_u64).unwrap_or(0);
            }
            if *shown < most {
                *shown += 1;
                let series = content.get("series").and_then(|id| RecordId::parse(id.as_str()?));
                let group = series.and_then(|id| self.groups.get(&id).cloned());
                let own = || row.own.get("group").and_then(|name| Some(name.as_str()?.to_owned()));
                told.rows.push(ImportRow {
                    row: row.number,
                    state: state.to_owned(),
                    content: content.clone(),
                    group: group.or_else(own),
                    problems,
                });
            }
        }
        told
    }
}

fn problem(error: &FieldError) -> ImportProblem {
    let (number, expected) = match error.problem {
        Wrong::TooSmall { min } => (Some(min), None),
        Wrong::TooLarge { max } => (Some(max), None),
        Wrong::TooLong { max } | Wrong::TooMany { max } => (u32::try_from(max).ok(), None),
        Wrong::DoesNotSum { sum, expected } => (Some(sum), Some(expected)),
        Wrong::MoreThanParticipants { participants } => (Some(participants), None),
        _ => (None, None),
    };
    ImportProblem { field: error.field.to_owned(), code: error.problem.code().to_owned(), number, expected }
}

/// What became of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    Stored,
    Refused,
    Later,
}

struct Written {
    became: Vec<(Kind, Became)>,
    /// Gatherings that were not come to.
    left: u32,
}

/// Writes changes as pushes, [`limits::CHANGES_PER_PUSH_MAX`] at a time, so that what people record meanwhile goes between them. A call
/// that breaks off has written what it has written, and the next one finds it.
async fn write(server: &Server, who: Who, changes: Vec<Change>) -> Result<Written, Problem> {
    let began = Instant::now();
    let report = DeviceReport { device: who.device, user: who.user, counts: None, brought: None };
    let mut became = Vec::with_capacity(changes.len());
    let mut parts = changes.chunks(limits::CHANGES_PER_PUSH_MAX);
    for part in parts.by_ref() {
        let changes = part.iter().cloned().map(Ok).collect();
        let push = Push { who, changes, report, now_ms: server.clock.now_ms() };
        let results = server.writer.take(push).await?;
        became.extend(part.iter().zip(&results).map(|(change, result)| {
            let became = match (result.outcome, result.code.as_deref()) {
                (Outcome::Stored, _) => Became::Stored,
                (Outcome::AgainLater, _) | (_, Some(codes::TOO_MANY_TODAY)) => Became::Later,
                _ => Became::Refused,
            };
            (change.kind, became)
        }));
        if began.elapsed() >= WRITING || became.iter().any(|(_, became)| *became == Became::Later) {
            break;
        }
    }
    let rest = changes[became.len().min(changes.len())..].iter().filter(|change| change.kind == Kind::Gathering).count()
        as u32;
    // What has to wait for another day, waits with all that comes after it.
    match became.iter().any(|(_, became)| *became == Became::Later) {
        true => {
            became.extend((0..rest).map(|_| (Kind::Gathering, Became::Later)));
            Ok(Written { became, left: 0 })
        }
        false => Ok(Written { became, left: rest }),
    }
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        // With its length, so that no two lists of parts are the same bytes.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// A UUID of version 8 from a hash.
fn hashed_uuid(parts: &[&[u8]]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(parts)[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

fn hashed(parts: &[&[u8]]) -> RecordId {
    RecordId::new(hashed_uuid(parts))
}

fn hashed_change(parts: &[&[u8]]) -> ChangeId {
    ChangeId::new(hashed_uuid(parts))
}

#[cfg(test)]
mod tests {
    use domain::UserId;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_group_that_is_written_while_the_pages_are_read_is_there_once_as_it_is_then() {
        let mut there = There::default();
        let row = |id: u8, seq: u64, name: Option<(&str, bool)>| {
            let content = name.map(|(name, ended)| {
                json!({"name": name, "form": "kerho", "municipality": "755", "archived": ended.then_some(true)})
            });
            PullRow {
                kind: Kind::Series,
                id: RecordId::from_bytes([id; 16]),
                rev: 1,
                seq,
                content: content.and_then(|content| content.as_object().cloned()),
                bytes: 0,
                recorder: UserId::from_bytes([1; 16]),
                nickname: None,
                day: None,
                gathering: None,
            }
        };
        for row in [
            row(1, 1, Some(("Maanantait", false))),
            row(2, 2, Some(("Kerho", false))),
            row(3, 3, Some(("Kerho", true))),
            row(4, 4, Some(("Pois", false))),
            // And then, on the next page.
            row(1, 5, Some(("Tiistait", false))),
            row(4, 6, None),
        ] {
            there.take(row);
        }
        assert!(there.had[&(Kind::Series, RecordId::from_bytes([4; 16]))].is_deleted);
        let names: Vec<_> = there.series().into_iter().map(|(_, one, _)| (one.name, one.archived)).collect();
        let name = |name: &str, ended| (name.to_owned(), ended);
        assert_eq!(names, [name("Kerho", true), name("Kerho", false), name("Tiistait", false)]);
    }
}
