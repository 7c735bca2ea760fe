//! What is set for a server, kept in its database: read at its start, where the command line has the last word.

use std::net::SocketAddr;

use app::server_pages::Operator;

use super::{Result, entry};
use crate::{
    Server,
    config::admin::{SetTo, Setting},
    http::origin::Origin,
    reports::releases,
    store::{Act, Fact, Store},
};

/// The origin of a server that starts: of the command line, or as it is set, or the address that it listens on. The database remembers
/// it, so that commands print links that lead to this server.
pub async fn origin_at_start(store: &dyn Store, said: Option<Origin>, listens_on: SocketAddr) -> Result<Origin> {
    let origin = match said {
        Some(origin) => origin,
        None => set_origin(store).await?.unwrap_or(Origin::of_listener(listens_on)),
    };
    store.set_fact(Fact::OriginServed, &origin.to_string()).await?;
    Ok(origin)
}

/// The origin that links of a command begin with: as it is said, or as the server was last started, or as it is set.
pub async fn origin_of_links(server: &Server, said: Option<Origin>) -> Result<Origin> {
    let store = &*server.store;
    let served = store.fact(Fact::OriginServed).await?.and_then(|origin| origin.parse().ok());
    Ok(match said.or(served) {
        Some(origin) => origin,
        None => set_origin(store).await?.unwrap_or(Origin::loopback(crate::PORT)),
    })
}

/// Who operates a server that starts: of the command line, or as it is set. The database remembers it for `hytevihko check`.
pub async fn operator_at_start(store: &dyn Store, name: String, contact: String) -> Result<Operator> {
    let said = Operator { name, contact };
    let set = operator_set(store).await?;
    let operator = Operator {
        name: if said.name.is_empty() { set.name } else { said.name },
        contact: if said.contact.is_empty() { set.contact } else { said.contact },
    };
    store.set_fact(Fact::OperatorNameServed, &operator.name).await?;
    store.set_fact(Fact::OperatorContactServed, &operator.contact).await?;
    Ok(operator)
}

/// Who operates the server, as it was last started or as it is set.
pub async fn operator(store: &dyn Store) -> Result<Operator> {
    let set = operator_set(store).await?;
    let served = async |fact, set: String| -> Result<String> {
        Ok(store.fact(fact).await?.filter(|value| !value.is_empty()).unwrap_or(set))
    };
    Ok(Operator {
        name: served(Fact::OperatorNameServed, set.name).await?,
        contact: served(Fact::OperatorContactServed, set.contact).await?,
    })
}

/// The database remembers the mail server of a server that starts, for `hytevihko check`.
pub async fn mail_at_start(server: &Server) -> Result<()> {
    match &server.mail {
        Some(mail) => server.store.set_fact(Fact::MailServed, &mail.described()).await?,
        None => server.store.remove_fact(Fact::MailServed).await?,
    }
    Ok(())
}

async fn operator_set(store: &dyn Store) -> Result<Operator> {
    Ok(Operator {
        name: store.fact(Fact::OperatorName).await?.unwrap_or_default(),
        contact: store.fact(Fact::OperatorContact).await?.unwrap_or_default(),
    })
}

async fn set_origin(store: &dyn Store) -> Result<Option<Origin>> {
    let Some(text) = store.fact(Fact::Origin).await? else { return Ok(None) };
    let how = "`hytevihko admin set origin https://…`";
    Ok(Some(text.parse().map_err(|error| format!("the origin that is set, {text:?}, is none: {error} ({how})"))?))
}

pub async fn set(server: &Server, what: SetTo) -> Result<()> {
    let store = &server.store;
    store.audit(entry(server, Act::SettingChanged, None, None)).await?;
    match what {
        SetTo::Origin { origin } => {
            store.set_fact(Fact::Origin, &origin.to_string()).await?;
            // From now on links lead to where the server will be.
            store.remove_fact(Fact::OriginServed).await?;
            println!("The origin is {origin} from the next start of the server on.");
        }
        SetTo::OperatorName { name } => {
            store.set_fact(Fact::OperatorName, &name).await?;
            store.remove_fact(Fact::OperatorNameServed).await?;
            println!("The operator is {name} from the next start of the server on.");
        }
        SetTo::OperatorContact { contact } => {
            store.set_fact(Fact::OperatorContact, &contact).await?;
            store.remove_fact(Fact::OperatorContactServed).await?;
            println!("The operator's contact is {contact} from the next start of the server on.");
        }
    }
    Ok(())
}

pub async fn unset(server: &Server, what: Setting) -> Result<()> {
    let facts = match what {
        Setting::Origin => [Fact::Origin, Fact::OriginServed],
        Setting::OperatorName => [Fact::OperatorName, Fact::OperatorNameServed],
        Setting::OperatorContact => [Fact::OperatorContact, Fact::OperatorContactServed],
    };
    server.store.audit(entry(server, Act::SettingChanged, None, None)).await?;
    for fact in facts {
        server.store.remove_fact(fact).await?;
    }
    println!("It is forgotten from the next start of the server on.");
    Ok(())
}

/// Everything that is set, one a line.
pub async fn show(server: &Server) -> Result<()> {
    let store = &server.store;
    let said = async |fact| -> Result<String> { Ok(store.fact(fact).await?.unwrap_or_else(|| "not set".to_owned())) };
    let yes = |is: bool| if is { "yes" } else { "no" };
    println!("origin:           {}", said(Fact::Origin).await?);
    println!("last served at:   {}", said(Fact::OriginServed).await?);
    println!("operator-name:    {}", said(Fact::OperatorName).await?);
    println!("operator-contact: {}", said(Fact::OperatorContact).await?);
    println!("mail:             {}", said(Fact::MailServed).await?);
    println!("demo:             {}", yes(store.fact(Fact::Demo).await?.is_some()));
    println!("releases pending: {}", releases::pending(&**store, &server.clock).await?);
    let restored = store.fact(Fact::RestoredAt).await?.and_then(|ms| ms.parse().ok());
    println!("restored:         {}", restored.map_or_else(|| "never".to_owned(), super::moment));
    println!("epoch:            {}", server.epoch);
    println!("program:          hytevihko {}", env!("CARGO_PKG_VERSION"));
    Ok(())
}
