//! The same program elsewhere than in one process on files: on PostgreSQL, and as a process per service with RabbitMQ
//! and Redis between them.

use adapters::rabbitmq;
use clap::ValueEnum;
use contracts::SERVICES;
use db::testing::OwnDatabase;
use kernel::{Random, SystemRandom};

use crate::Result;

/// Where RabbitMQ is, unless `SOUK_TEST_RABBITMQ` says.
const RABBITMQ: &str = "amqp://guest:guest@127.0.0.1:5672/%2f";
/// Where Redis is, unless `SOUK_TEST_REDIS` says.
const REDIS: &str = "127.0.0.1:6379";

/// Where else to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Elsewhere {
    /// One process on PostgreSQL.
    Postgres,
    /// `souk cluster`.
    Cluster,
}

/// A place with a database of its own, gone when dropped.
pub struct Place {
    /// In the tables.
    pub name: &'static str,
    /// What the program is told to do.
    pub command: &'static str,
    /// And how.
    pub arguments: Vec<String>,
    /// With these variables.
    pub settings: Vec<(&'static str, String)>,
    _database: OwnDatabase,
    queues: Option<Queues>,
}

struct Queues {
    url: String,
    prefix: String,
}

impl Elsewhere {
    /// Makes the place ready; a cluster for so many instances of each service.
    pub async fn prepare(self, instances: usize) -> Place {
        let database = OwnDatabase::new().await;
        let mut settings = vec![("SOUK_DATABASE__URL", database.admin_url())];
        if self == Self::Postgres {
            let (name, command, arguments) = ("on PostgreSQL", "serve", Vec::new());
            return Place { name, command, arguments, settings, _database: database, queues: None };
        }
        let variable = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
        let prefix = format!("souk_bench_{:08x}", SystemRandom.below(u64::from(u32::MAX)));
        let queues = Queues { url: variable("SOUK_TEST_RABBITMQ", RABBITMQ), prefix };
        settings.extend([
            ("SOUK_EVENTS__BACKEND", "rabbitmq".to_owned()),
            ("SOUK_EVENTS__URL", queues.url.clone()),
            ("SOUK_EVENTS__PREFIX", queues.prefix.clone()),
            ("SOUK_CACHE__BACKEND", "redis".to_owned()),
            ("SOUK_CACHE__URL", format!("redis://{}", variable("SOUK_TEST_REDIS", REDIS))),
            ("SOUK_CACHE__PREFIX", queues.prefix.clone()),
        ]);
        let arguments = vec!["--instances".to_owned(), instances.to_string()];
        let (name, command) = ("as a cluster", "cluster");
        Place { name, command, arguments, settings, _database: database, queues: Some(queues) }
    }
}

impl Place {
    /// Leaves nothing behind.
    pub async fn leave(self) -> Result<()> {
        match &self.queues {
            Some(queues) => Ok(rabbitmq::remove(&queues.url, &queues.prefix, SERVICES).await?),
            None => Ok(()),
        }
    }
}
