//! A rolling restart: one process after the other is replaced, while the others go on.

use std::{
    collections::VecDeque,
    process::Child,
    time::{Duration, Instant},
};

use kernel::{Error, Result};

use super::{
    END,
    ears::Ears,
    member::{Accepts, Member, Starter, tell_to_end},
};

/// How long a process may take to be ready.
const START: Duration = Duration::from_secs(60);

/// Which members wait for their turn, and how far the one is whose turn it is.
#[derive(Default)]
pub struct Roll {
    waiting: VecDeque<usize>,
    turn: Option<Turn>,
}

struct Turn {
    member: usize,
    step: Step,
    since: Instant,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The new process starts beside the old one, which goes on.
    Beside,
    /// The new one has taken over; the old one finishes what it has begun.
    TakenOver,
    /// Two cannot run: the old one (by its id) ends, then the new one starts, and connections wait for it.
    Instead(u32),
}

/// What became of a step.
enum Came {
    /// Not yet.
    Nothing,
    /// To the next step.
    Further(Step),
    /// To its end.
    Done,
    /// It has to be given up, for this reason.
    Failed(String),
}

impl Roll {
    /// Begins with the first of `members`, after the one whose turn it is.
    pub fn begin(&mut self, members: usize) {
        println!("{members} processes are replaced, one after the other.");
        self.waiting = (0..members).collect();
    }

    /// True if the member needs no looking after just now.
    pub fn cares_for(&self, member: usize) -> bool {
        self.turn.as_ref().is_some_and(|turn| turn.member == member && matches!(turn.step, Step::Beside))
    }

    /// Goes on, if there is anything to do. True when it has come to its end.
    pub fn go_on(&mut self, members: &mut [Member], starter: &Starter, ears: &mut Ears) -> Result<bool> {
        let Some(turn) = &mut self.turn else {
            let Some(next) = self.waiting.pop_front() else { return Ok(false) };
            match Turn::begin(next, &mut members[next], starter) {
                Ok(turn) => self.turn = Some(turn),
                Err(error) => self.give_up(&members[next], error.detail()),
            }
            return Ok(false);
        };
        let index = turn.member;
        match turn.look(&mut members[index], ears)? {
            Came::Nothing => return Ok(false),
            Came::Further(step) => {
                (turn.step, turn.since) = (step, Instant::now());
                return Ok(false);
            }
            Came::Done if self.waiting.is_empty() => println!("All {} processes were replaced.", members.len()),
            Came::Done => {}
            Came::Failed(why) => self.give_up(&members[index], &why),
        }
        self.turn = None;
        Ok(self.waiting.is_empty())
    }

    fn give_up(&mut self, member: &Member, why: &str) {
        eprintln!("{} {} is not replaced: {why} The others stay as they are.", member.service, member.number);
        self.waiting.clear();
    }
}

impl Turn {
    fn begin(index: usize, member: &mut Member, starter: &Starter) -> Result<Self> {
        let step = match &member.child {
            // It is being started anyway.
            None => Step::Instead(0),
            Some(child) if member.is_single => {
                tell_to_end(child);
                Step::Instead(child.id())
            }
            Some(_) => {
                member.next = Some(member.start(starter, Accepts::WhenReady)?);
                Step::Beside
            }
        };
        Ok(Self { member: index, step, since: Instant::now() })
    }

    fn look(&self, member: &mut Member, ears: &mut Ears) -> Result<Came> {
        let took = self.since.elapsed();
        Ok(match self.step {
            Step::Beside => {
                let Some(next) = &mut member.next else { return Ok(Came::Failed("It is gone.".to_owned())) };
                if let Some(status) = next.try_wait().map_err(Error::internal)? {
                    member.next = None;
                    Came::Failed(format!("The new process ended ({status})."))
                } else if ears.have_heard_of(next.id()) {
                    member.before = std::mem::replace(&mut member.child, member.next.take());
                    member.before.iter().for_each(tell_to_end);
                    Came::Further(Step::TakenOver)
                } else if took > START {
                    kill(&mut member.next);
                    Came::Failed(format!("The new process was not ready within {START:?}."))
                } else {
                    Came::Nothing
                }
            }
            Step::TakenOver => {
                let Some(before) = &mut member.before else { return Ok(Came::Done) };
                if before.try_wait().map_err(Error::internal)?.is_some() {
                    ears.forget(before.id());
                    member.before = None;
                    return Ok(Came::Done);
                }
                if took > END {
                    kill(&mut member.before);
                }
                Came::Nothing
            }
            // It is started again like any other that ends.
            Step::Instead(old) => match &mut member.child {
                Some(child) if child.id() != old && ears.have_heard_of(child.id()) => Came::Done,
                _ if took > END + START => Came::Failed("The new process is not ready.".to_owned()),
                Some(child) if child.id() == old && took > END => {
                    // Fails only if it has ended already.
                    let _ = child.kill();
                    Came::Nothing
                }
                _ => Came::Nothing,
            },
        })
    }
}

fn kill(child: &mut Option<Child>) {
    if let Some(mut child) = child.take() {
        // Both fail only if it has ended already.
        let _ = child.kill();
        let _ = child.wait();
    }
}
