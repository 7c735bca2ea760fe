//! Pages that the server renders completely. They work without JavaScript, are never hydrated, and so carry no inline
//! script.

mod admin;
mod areas;
mod association;
mod bar_chart;
mod coordinator_invites;
mod document;
mod front;
mod joining;
mod mail_code;
mod message;
mod municipality;
mod open_id;
mod own;
mod own_data;
mod published;
mod shell;
mod sign_in;
mod statements;

pub use admin::{AdminPage, AdminPageProps, Invited, Looked, LookedState, Offered};
pub use areas::{AreasPage, AreasPageProps};
pub use association::{AssociationPage, AssociationPageProps};
pub use coordinator_invites::{
    AnswerPage, AnswerPageProps, Invite, InvitesPage, InvitesPageProps, InvitesView, JoinedLine, MadePage,
    MadePageProps, MadeView, Moment, OpenLine, RequestLine,
};
pub use document::{Files, page_language};
pub use front::{FrontPage, FrontPageProps, Tour};
pub use joining::{
    Asked, AskedPage, AskedPageProps, JoinedPage, JoinedPageProps, JoiningPage, JoiningPageProps, StepView, Way,
};
pub use mail_code::{BadMailCode, MailCode, MailCodePage, MailCodePageProps};
pub use message::{MessagePage, MessagePageProps};
pub use municipality::{MunicipalityPage, MunicipalityPageProps};
pub use open_id::{OpenIdPage, OpenIdPageProps, OtherPlace};
pub use own::{CodesPage, CodesPageProps, Key, Own, OwnMail, OwnPage, OwnPageProps, Role, SignInLine};
pub use own_data::{
    DeletedPage, DeletedPageProps, DeletionShown, OwnDataPage, OwnDataPageProps, OwnDataShown, PROVE_AGAIN,
};
pub use shell::shell_html;
pub use sign_in::{BadRecoveryCode, MailForm, OtherWay, SignIn, SignInPage, SignInPageProps};
pub use statements::{AccessibilityPage, AccessibilityPageProps, Operator, PrivacyPage, PrivacyPageProps};
