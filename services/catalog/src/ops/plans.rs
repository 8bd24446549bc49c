//! What is in the files that are being worked off, so that a job takes up where the one before left off without looking
//! through the file again.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::ImportId;

use crate::csv::Plan;

/// Plans that are kept: with more imports under way at once the others look through their files once a job.
const KEPT: usize = 2;

/// The plans of this process.
#[derive(Default)]
pub(crate) struct Plans(Mutex<VecDeque<(ImportId, Arc<Plan>)>>);

impl Plans {
    fn kept(&self) -> MutexGuard<'_, VecDeque<(ImportId, Arc<Plan>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, id: ImportId) -> Option<Arc<Plan>> {
        self.kept().iter().find(|(of, _)| *of == id).map(|(_, plan)| plan.clone())
    }

    pub(super) fn keep(&self, id: ImportId, plan: Plan) -> Arc<Plan> {
        let (plan, mut kept) = (Arc::new(plan), self.kept());
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((id, plan.clone()));
        plan
    }

    pub(super) fn forget(&self, id: ImportId) {
        self.kept().retain(|(of, _)| *of != id);
    }
}
