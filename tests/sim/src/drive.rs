//! What happens next, and the way to rest.

use std::time::Duration;

use events::Received;
use futures::FutureExt;
use kernel::{Clock, Result};

use crate::{
    bus::short,
    world::{SECRET, SERVICES, World, now},
};

/// Steps of time on the way to rest: seconds, so many times.
const REST: [(u64, u32); 5] = [(5, 6), (30, 8), (300, 16), (3_600, 3), (10_800, 3)];
/// Rounds without time passing after which something goes in circles.
const CIRCLES: u32 = 3_000;
/// Batches of jobs of one service under way at once.
const BATCHES: u64 = 3;
/// Turns between two looks at the cheap invariants.
const LOOK_EVERY: u64 = 8;

impl World {
    /// Lives through the faults. What is wrong ends it.
    pub fn live(&mut self) -> Result<Vec<String>> {
        let turns = 120 + self.below(120);
        for turn in 0..turns {
            self.act()?;
            for _ in 0..self.swarm.pace {
                self.pump_one()?;
            }
            self.around(4)?;
            self.pass_time();
            if turn == turns / 2 {
                self.come_to_the_end()?;
            }
            self.schedule_again()?;
            if self.fates.is_dead() {
                let violations = self.look_cheap()?;
                if !violations.is_empty() {
                    return Ok(violations);
                }
                self.restart()?;
            } else if turn % LOOK_EVERY == 0 {
                let violations = self.look_cheap()?;
                if !violations.is_empty() {
                    return Ok(violations);
                }
            }
        }
        Ok(Vec::new())
    }

    fn pass_time(&mut self) {
        let leap = self.swarm.leaps > 0 && self.below(1_000) < self.swarm.leaps;
        let ms = if leap {
            60_000 + self.below(45 * 60_000)
        } else if self.below(8) == 0 {
            self.below(20_000)
        } else {
            self.below(250)
        };
        self.clock.advance(Duration::from_millis(ms));
    }

    /// One relay, inbox or batch of jobs.
    fn pump_one(&mut self) -> Result<()> {
        let service = SERVICES[self.below(SERVICES.len() as u64) as usize];
        match self.below(3) {
            0 => self.pump_relay(service).map(drop),
            1 => self.pump_inbox(service).map(drop),
            _ => self.pump_jobs(service).map(drop),
        }
    }

    /// The broker, the provider and its webhooks have their turn; answers that came go on.
    fn around(&mut self, most: u32) -> Result<bool> {
        let mut busy = self.psp.turn()?;
        busy |= self.poll_tasks()?;
        busy |= self.deliver_events(most)?;
        busy |= self.deliver_webhooks(most)?;
        busy |= self.deliver_letters(most)?;
        Ok(busy)
    }

    /// What a process may do without harm is done; trouble is tried again later, as in production.
    pub fn forgive<T: Default>(&self, what: &str, result: Result<T>) -> T {
        result.unwrap_or_else(|error| {
            self.note(format_args!("{what}: {}", error.code()));
            T::default()
        })
    }

    fn pump_relay(&mut self, service: &'static str) -> Result<bool> {
        if self.fates.is_dead() {
            return Ok(false);
        }
        let Some(relay) = self.system.relay(service) else { return Ok(false) };
        Ok(self.forgive(service, now(relay.step())) > 0)
    }

    /// Every relay, once.
    pub fn pump_relays(&mut self) -> Result<bool> {
        let mut busy = false;
        for service in SERVICES {
            busy |= self.pump_relay(service)?;
        }
        Ok(busy)
    }

    fn pump_inbox(&mut self, service: &'static str) -> Result<bool> {
        if self.fates.is_dead() {
            return Ok(false);
        }
        let Some(inbox) = self.system.inbox(service) else { return Ok(false) };
        let (tried, _) = self.forgive(service, now(inbox.retry_due()));
        if tried > 0 {
            self.trace.mark("event tried again");
        }
        Ok(tried > 0)
    }

    /// Begins a batch of jobs, unless enough are under way.
    fn pump_jobs(&mut self, service: &'static str) -> Result<bool> {
        let free = (0..BATCHES).find(|slot| !self.tasks.contains_key(&(service, *slot)));
        let (Some(slot), false) = (free, self.fates.is_dead()) else { return Ok(false) };
        let Some(jobs) = self.system.jobs(service) else { return Ok(false) };
        let task = async move { jobs.run_due().await }.boxed_local();
        self.tasks.insert((service, slot), task);
        self.poll_task((service, slot))
    }

    fn poll_task(&mut self, place: (&'static str, u64)) -> Result<bool> {
        let Some(mut task) = self.tasks.remove(&place) else { return Ok(false) };
        let service = place.0;
        match (&mut task).now_or_never() {
            Some(done) => {
                let count = self.forgive(service, done);
                if count > 0 {
                    self.note(format_args!("{service} did {count} jobs"));
                }
                Ok(count > 0)
            }
            None => {
                self.tasks.insert(place, task);
                Ok(false)
            }
        }
    }

    fn poll_tasks(&mut self) -> Result<bool> {
        let mut busy = false;
        for place in self.tasks.keys().copied().collect::<Vec<_>>() {
            if !self.fates.is_dead() {
                busy |= self.poll_task(place)?;
            }
        }
        Ok(busy)
    }

    /// Up to `most` events that are due.
    pub fn deliver_events(&mut self, most: u32) -> Result<bool> {
        let mut busy = false;
        for _ in 0..most {
            if self.fates.is_dead() {
                return Ok(busy);
            }
            let Some(delivery) = self.bus.take() else { return Ok(busy) };
            busy = true;
            let Some(inbox) = self.system.inbox(delivery.consumer) else { continue };
            let event = &delivery.envelope;
            let received = now(inbox.take(event.clone()));
            let what = format!(
                "{} gets {} {} v{}",
                delivery.consumer,
                event.kind,
                short(&event.subject),
                event.aggregateversion
            );
            match received {
                Ok(received) => {
                    if received == Received::Waiting {
                        self.trace.mark("event came before the one before it");
                    }
                    self.note(format_args!("{what}: {received:?}"));
                }
                Err(error) => {
                    self.note(format_args!("{what}: {}", error.code()));
                    self.bus.give_back(delivery);
                }
            }
        }
        Ok(busy)
    }

    fn deliver_webhooks(&mut self, most: u32) -> Result<bool> {
        let mut busy = false;
        for _ in 0..most {
            if self.fates.is_dead() {
                return Ok(busy);
            }
            let Some(due) = self.psp.due_webhook()? else { return Ok(busy) };
            busy = true;
            if self.gets_lost(&due)? {
                self.psp.attempted(due.number, Some(204))?;
                continue;
            }
            if self.psp.is_asked() {
                self.trace.mark("webhook before the answer");
            }
            let signature = sandbox::signature(SECRET, self.clock.now().seconds(), due.body.as_bytes());
            let headers = [(sandbox::SIGNATURE_HEADER, signature.as_str())];
            let reply = self.send_raw(http::Method::POST, "/webhooks/sandbox", None, &headers, due.body.into())?;
            let acknowledged = (200..300).contains(&reply.status);
            if acknowledged {
                if self.acknowledged_webhooks.contains(&due.event) {
                    self.trace.mark("webhook delivered twice");
                }
                self.acknowledged_webhooks.push(due.event);
            }
            let unanswered = self.below(1_000) < self.swarm.webhook_unanswered;
            if unanswered && acknowledged {
                self.trace.mark("webhook kept, answer lost");
            }
            let heard = (reply.status > 0 && !unanswered).then_some(reply.status);
            self.psp.attempted(due.number, heard)?;
        }
        Ok(busy)
    }

    /// All faults end; time passes until everything that is to happen has happened.
    pub fn heal(&mut self) -> Result<Vec<String>> {
        self.note("all faults end");
        self.swarm.calm();
        self.fates.let_loose(false);
        self.bus.calm();
        self.psp.calm();
        if self.fates.is_dead() {
            self.restart()?;
            self.fates.let_loose(false);
        }
        for (seconds, times) in REST {
            for _ in 0..times {
                if !self.drain()? {
                    return Ok(vec![format!("O4: still busy after {CIRCLES} rounds without time passing")]);
                }
                self.replay_dead()?;
                self.psp.paypal().end_payouts("SUCCESS", None);
                self.send_cash_back()?;
                self.clock.advance(Duration::from_secs(seconds));
            }
        }
        self.drain()?;
        Ok(Vec::new())
    }

    /// Until nothing is left to do at this time. False if it does not end.
    fn drain(&mut self) -> Result<bool> {
        for _ in 0..CIRCLES {
            let mut busy = self.pump_relays()?;
            for service in SERVICES {
                busy |= self.pump_inbox(service)?;
                busy |= self.pump_jobs(service)?;
            }
            busy |= self.around(64)?;
            if !self.psp.is_quiet() || !self.tasks.is_empty() {
                self.clock.advance(Duration::from_millis(20));
                busy = true;
            }
            if !busy {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What was given up is tried again: somebody has looked at it.
    fn replay_dead(&mut self) -> Result<()> {
        for (service, db) in self.databases.clone() {
            let page = kernel::PageRequest { limit: Some(100), after: None };
            for letter in now(events::operate::dead_letters(&db, service, &page))?.items {
                self.trace.mark("dead letter replayed");
                self.note(format_args!("replayed: {service} {} {} {}", letter.what, letter.kind, letter.error));
                let replay = contracts::operations::Replay { what: letter.what, id: letter.id };
                now(events::operate::replay(&db, &*self.clock, &replay))?;
            }
        }
        Ok(())
    }
}
