//! `hytevihko admin` and `hytevihko check` on the command line. The doc comments are what `--help` says.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use domain::{
    Area, AssociationId, Lang, UserId,
    codes::{County, Municipality},
};
use uuid::Uuid;

use crate::http::origin::Origin;

const EXAMPLES: &str = "\
Examples:
  hytevihko admin set origin https://hytevihko.example.fi
  hytevihko admin invite operator
  hytevihko admin invite coordinator --area municipality:Siuntio
  hytevihko admin list coordinators
  hytevihko admin end coordinator 7d444840-9dc0-11d1-b245-5ffdce74fad2
  hytevihko admin audit verify

Everything works while a server runs on the folder, needs no network and no sign-in, and is in force at once; only what `set`
changes waits for the next start of the server. Whoever can read the data folder can do all of this: keep it to the user that the
server runs as, and run these commands as that user (or as root). Each change is in the audit log, without a name beside it.";

/// Who comes in, who is there, and what is set; for whoever operates the server.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Admin {
    /// Folder of the database.
    #[arg(long, default_value = "data", global = true)]
    pub data: PathBuf,
    #[command(subcommand)]
    pub command: AdminCommand,
}

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Make an invitation, and print its link, its code and until when it can be accepted.
    ///
    /// Whoever has the link or the code can accept it: give it to one person only, and not in a public place. Nobody is told
    /// anything by this command, and the link is not kept: it is printed once.
    Invite(Invite),
    /// List who and what there is: names, ids and times, and never a gathering or a note.
    ///
    /// Without a word, everything but the members of associations.
    List(List),
    /// End what somebody is, a sign-in or an invitation, at once and for good.
    ///
    /// `hytevihko admin list` says the ids. What the person has recorded stays where it is.
    End(End),
    /// Begin to hand what an official is to somebody else: invite the other, then end the one before.
    ///
    /// Prints one invitation for each role of the person (operator, coordinator of an area), and for each the command that ends it.
    /// Nothing is taken from the person by this command: an area is never without anybody, and never with somebody who has not
    /// accepted yet. Run the printed commands when the other has come in. Roles in an association are moved by its reviewers.
    #[command(after_help = "Example:\n  hytevihko admin move-role 7d444840-9dc0-11d1-b245-5ffdce74fad2")]
    MoveRole {
        /// Id of the person who has the roles now.
        #[arg(value_parser = user)]
        person: UserId,
        #[command(flatten)]
        link: LinkOrigin,
    },
    /// Set what the server says of itself. In force from its next start on.
    Set(Set),
    /// Forget what was set.
    Unset { what: Setting },
    /// Print everything that is set, and what this database is.
    Show,
    /// Read the log of who did what, and verify that nobody has changed it.
    Audit(AuditLog),
}

/// Whom to invite.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  hytevihko admin invite operator
  hytevihko admin invite coordinator --area municipality:755
  hytevihko admin invite coordinator --area county:06
  hytevihko admin invite coordinator --area nation
  hytevihko admin invite association --area municipality:755
  hytevihko admin invite reviewer --association 7d444840-9dc0-11d1-b245-5ffdce74fad2"
)]
pub struct Invite {
    #[command(subcommand)]
    pub who: Invited,
    #[command(flatten)]
    pub link: LinkOrigin,
}

#[derive(Clone, Debug, Args)]
pub struct LinkOrigin {
    /// Origin in the link, where it is neither the one that is set nor the one that the server was last started with.
    #[arg(long, global = true)]
    pub origin: Option<Origin>,
}

#[derive(Debug, Subcommand)]
pub enum Invited {
    /// Somebody who operates the server on the page /yllapito. Once, within 72 hours.
    ///
    /// An operator sees what is set and who the officials are, and invites coordinators. An operator sees no association's records.
    Operator,
    /// A coordinator of a municipality, a county or the nation. Once, within 72 hours.
    ///
    /// A coordinator sees the protected counts of the area, invites associations there, and invites further coordinators of the
    /// same area.
    Coordinator {
        /// municipality:CODE, county:CODE or nation; the name in place of the code does as well.
        #[arg(long, value_parser = area)]
        area: Area,
    },
    /// The first reviewer of an association that is not here yet. Once, within 14 days.
    ///
    /// Whoever accepts names the association. Usually a coordinator invites associations.
    Association {
        /// Area in whose name it is invited.
        #[arg(long, value_parser = area)]
        area: Option<Area>,
    },
    /// A reviewer of an association that has lost its last one. Once, within 72 hours.
    ///
    /// A reviewer sees and settles everything of the association. Be sure whom you give this to: ask the association's board. The
    /// association's own log says that a reviewer was invited from here.
    Reviewer {
        /// Id of the association.
        #[arg(long, value_parser = association)]
        association: AssociationId,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hytevihko admin list\n  hytevihko admin list sign-ins\n  hytevihko admin list members --association 7d444840-9dc0-11d1-b245-5ffdce74fad2"
)]
pub struct List {
    pub what: Option<Listed>,
    /// Of which association, for `members`.
    #[arg(long, value_parser = association, required_if_eq("what", "members"))]
    pub association: Option<AssociationId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    Operators,
    Coordinators,
    Associations,
    /// Those that can still be accepted.
    Invitations,
    SignIns,
    /// Reviewers and volunteers of one association.
    Members,
}

#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  hytevihko admin end coordinator PERSON --area municipality:755
  hytevihko admin end operator PERSON
  hytevihko admin end sign-in SIGN-IN
  hytevihko admin end invitation INVITATION
  hytevihko admin end membership ASSOCIATION PERSON"
)]
pub struct End {
    #[command(subcommand)]
    pub what: Ended,
}

#[derive(Debug, Subcommand)]
pub enum Ended {
    /// Take an area from a coordinator. They see its counts no more, and what they invited others to there is revoked.
    Coordinator {
        /// Id of the person.
        #[arg(value_parser = user)]
        person: UserId,
        /// Which area, where they have several; without it all of them.
        #[arg(long, value_parser = area)]
        area: Option<Area>,
    },
    /// Take the operator's role from a person, unless they are the last operator. What they invited others to is revoked.
    Operator {
        /// Id of the person.
        #[arg(value_parser = user)]
        person: UserId,
    },
    /// End a sign-in, such as that of a phone that was lost.
    ///
    /// The phone is signed out at its next contact. What it has not sent yet stays on it until its user signs in again.
    SignIn {
        /// Id of the sign-in.
        id: Uuid,
    },
    /// Revoke an invitation. Whoever has accepted it already stays.
    Invitation {
        /// Id of the invitation.
        id: Uuid,
    },
    /// Remove a member from an association, unless they are its last reviewer.
    ///
    /// They see nothing of the association any more. What they recorded stays with the association.
    Membership {
        /// Id of the association.
        #[arg(value_parser = association)]
        association: AssociationId,
        /// Id of the person.
        #[arg(value_parser = user)]
        person: UserId,
    },
}

#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  hytevihko admin set origin https://hytevihko.example.fi
  hytevihko admin set operator-name \"Siuntion kunta\"
  hytevihko admin set operator-contact \"hytevihko@example.fi, 09 260 611\""
)]
pub struct Set {
    #[command(subcommand)]
    pub what: SetTo,
}

#[derive(Debug, Subcommand)]
pub enum SetTo {
    /// Where browsers reach the server. `serve --origin` has the last word.
    ///
    /// Changing it later ends nothing that is recorded, but phones know the server by its address: they, and passkeys, begin anew.
    Origin {
        /// Such as `https://hytevihko.example.fi`
        origin: Origin,
    },
    /// Who operates the server: for the privacy and the accessibility statement.
    OperatorName {
        #[arg(value_parser = line)]
        name: String,
    },
    /// How to reach whoever operates the server: for the same statements. Everybody sees it.
    OperatorContact {
        #[arg(value_parser = line)]
        contact: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Setting {
    Origin,
    OperatorName,
    OperatorContact,
}

#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  hytevihko admin audit verify
  hytevihko admin audit show --association 7d444840-9dc0-11d1-b245-5ffdce74fad2"
)]
pub struct AuditLog {
    #[command(subcommand)]
    pub what: AuditCommand,
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Follow the chain of hashes from the first row to the last. Exit code 1 and the row's number where it is broken.
    ///
    /// Keep the printed number of rows and the hash somewhere else: a log whose end was cut off is whole, but shorter.
    Verify,
    /// Print the log: who did what to whom, by their ids; `-` stands for this command.
    Show {
        /// Only this association's.
        #[arg(long, value_parser = association)]
        association: Option<AssociationId>,
        /// At most so many, the newest first.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
}

/// Say what is missing before associations can use this server. Exit code 1 where something is.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  hytevihko check --online\n\nEach line begins with `ok`, with `missing` and what to do, or with `note`, which is no \
                  reason to wait. Run it as the user that the server runs as, also while the server runs."
)]
pub struct Check {
    /// Folder of the database.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
    /// Where browsers reach the server, where it is neither set nor what the server was last started with.
    #[arg(long)]
    pub origin: Option<Origin>,
    /// Also try whether something answers there. At most ten seconds.
    #[arg(long)]
    pub online: bool,
}

/// `municipality:CODE`, `county:CODE` or `nation`, or the name in place of the code.
pub fn area(text: &str) -> Result<Area, String> {
    const HOW: &str = "write municipality:755, county:06 or nation; municipality:Siuntio does as well";
    let (kind, which) = text.split_once(':').unwrap_or((text, ""));
    let is_called = |names: &dyn Fn(Lang) -> &'static str| {
        Lang::offered().any(|lang| names(lang).to_lowercase() == which.to_lowercase())
    };
    let named = || match kind {
        "municipality" => Municipality::all().find(|one| is_called(&|lang| one.name(lang))).map(Area::Municipality),
        "county" => County::all().find(|one| is_called(&|lang| one.name(lang))).map(Area::County),
        _ => None,
    };
    Area::parse(kind, which).or_else(named).ok_or_else(|| format!("there is no such area: {HOW}"))
}

fn user(text: &str) -> Result<UserId, String> {
    UserId::parse(text).ok_or_else(|| "that is no id of a person: `hytevihko admin list` says them".to_owned())
}

fn association(text: &str) -> Result<AssociationId, String> {
    const NO_ID: &str = "that is no id of an association: `hytevihko admin list associations` says them";
    AssociationId::parse(text).ok_or_else(|| NO_ID.to_owned())
}

/// One line of a page.
fn line(text: &str) -> Result<String, String> {
    const CHARS_MAX: usize = 200;
    let text = text.trim();
    match text {
        "" => Err("it is empty: `hytevihko admin unset` forgets it".to_owned()),
        _ if text.chars().count() > CHARS_MAX => Err(format!("at most {CHARS_MAX} characters")),
        _ if text.chars().any(char::is_control) => Err("one line only".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_named_by_its_code_or_by_its_name() {
        let siuntio = Area::parse("municipality", "755");
        for text in ["municipality:755", "municipality:Siuntio", "municipality:sjundeå"] {
            assert_eq!(area(text).ok(), siuntio, "{text}");
        }
        let county = siuntio.and_then(Area::municipality).expect("a municipality").county();
        for text in [format!("county:{}", county.code()), format!("county:{}", county.name(Lang::Fi))] {
            assert_eq!(area(&text).ok(), Some(Area::County(county)), "{text}");
        }
        assert_eq!(area("nation").ok(), Some(Area::Nation));
        for text in ["", "755", "municipality:", "municipality:Atlantis", "nation:1", "village:755", "county:Siuntio"] {
            assert!(area(text).expect_err(text).contains("write municipality:755"), "{text}");
        }
    }

    #[test]
    fn what_is_set_is_one_short_line() {
        assert_eq!(line("  Siuntion kunta ").as_deref(), Ok("Siuntion kunta"));
        for bad in ["", "  ", "a\nb", "\u{1b}[2J", &"x".repeat(201)] {
            assert!(line(bad).is_err(), "{bad:?}");
        }
    }
}
